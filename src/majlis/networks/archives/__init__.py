"""Archives people download from other networks, read as neutral records.

Owns the reading of zips, tars and folders and of each network's layout inside them.
The reading half knows neither database nor member: whose the records become is decided by the importing half.
"""
