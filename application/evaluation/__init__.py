"""What evaluators ask of the log: tables to ask, indicators, reports, comparisons, what-ifs."""
