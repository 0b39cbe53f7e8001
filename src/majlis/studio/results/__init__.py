"""What came of a page's posts: from served to viewed, clicked and ordered; and the same for each link."""
