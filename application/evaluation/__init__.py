"""What evaluators find out: indicators, reports that stand, and the log as columns to ask."""
