"""From a document to images.

The laws of money. Everything that buys stands on them:

1. No operation leaves before its row is on disk. No vendor answers an idempotency key, so a create is never
   sent again unless it surely did not arrive: refused connection, 429, or a 503 that says so in the vendor's
   own words. A vendor that FAILED a task has answered: it is offered for retry, never made anew by itself.
2. A create whose answer was lost is `unknown`: shown as such, and only the artist may decide to send again,
   there or to another vendor of the same model.
3. At start, unsettled operations with a ticket are followed to their end for free; nothing new is bought.
4. A result is downloaded in the step that learns of it; the vendor's bytes are kept as they came. The
   address is never the only copy.
5. Cancel answers at once and says the truth: not started, free; or started, may be charged; then what was.
6. Two running Tagloom processes never follow or buy the same operation: the lease is a lock that dies with
   its process. Drafts and bought pictures never share a key, and a draft is never shown once a key is there.
7. A key is never in a document, image, log, ledger, crash report or error text.
"""
