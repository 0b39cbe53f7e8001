"""The bakery of the example: its team and page, thirteen weeks of posts and whom each reached, orders, money, plans.

What happened is drawn by chance and then told through the same doors as anything that happens: facts by
``insights.recording``, clicks and orders by the studio's own ways. So every sum is as true as that of a real page.
"""
