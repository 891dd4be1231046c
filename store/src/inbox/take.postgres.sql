-- Leases the first waiting updates of the chats whose heads are given, unless somebody is busy there.
UPDATE inbox
SET owner = $1, lease_until = $2, epoch = epoch + 1, state = CASE state WHEN 0 THEN 1 ELSE state END
WHERE id IN (
    SELECT next.id
    FROM inbox AS head
    CROSS JOIN LATERAL (
        SELECT first.id FROM inbox AS first
        WHERE first.channel = head.channel AND first.account = head.account
          AND first.chat = head.chat AND first.handled IS NULL
        ORDER BY first.id LIMIT $4) AS next
    WHERE head.id = ANY (SELECT value::bigint FROM jsonb_array_elements_text($3::jsonb))
      AND NOT EXISTS (
        SELECT 1 FROM inbox AS busy
        WHERE busy.channel = head.channel AND busy.account = head.account
          AND busy.chat = head.chat AND busy.lease_until IS NOT NULL))
RETURNING id, channel, account, update_id, chat, body, state, received, epoch, reply, sent_parts, repeats
