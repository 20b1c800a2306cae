"""Pure folds that cross streams."""
