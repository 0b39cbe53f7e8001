"""Goals, orders, promo codes and shops: what came of a click, months later, said by whom.

Invariant: an order is one row per page and id of the shop's own, whatever is reported how often in which order.
"""
