"""What happened to posts of business pages: facts, the reach ledger, rollups, and the numbers made of them.

Must not know studio, care or any page of the web client; members are pseudonyms here.
"""
