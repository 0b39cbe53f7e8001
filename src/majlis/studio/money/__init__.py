"""What a page costs and earns: hours and their price, costs, returns with margin, and what a month came to."""
