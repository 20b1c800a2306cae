"""An organisation: the agreements it signs, the people it needs, the seats it offers."""
