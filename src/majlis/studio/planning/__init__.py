"""Before and after: what a post is expected to reach and how well that was told; a plan for this business, revised by
what happened. Proposes, never publishes: a line of a plan becomes a draft when somebody takes it."""
