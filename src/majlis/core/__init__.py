"""The floor of the house: ids, clock, text, the guarded HTTP client, jobs, events, paging, SQL.

Knows nothing about people, posts or any other noun of the product.
"""
