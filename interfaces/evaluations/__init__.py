"""What `polku evaluate` and `/evaluations` ask alike, and their answers as JSON has them."""
