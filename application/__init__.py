"""What people do with pathways: one function an intention, and pure views."""
