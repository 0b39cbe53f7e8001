"""Customers by what they ordered: where each stands, lists, groups, what groups are worth, who came back.

The records are ``brands.customers``'s. All that counts is asked of ``studio_standing``, which follows every order.
"""
