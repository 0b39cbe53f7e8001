"""What a page learns by showing a post to some followers later, and posts that are placed once more."""
