"""The rivals a page names, and what they publish for everybody to see. Nobody is logged in as anybody."""
