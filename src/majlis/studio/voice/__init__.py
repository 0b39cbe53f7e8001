"""What is said of a page and its rivals in public: how much, how it sounds, and what brought followers."""
