-- The key decides which server of a cluster says it, so that what one says after the other is heard in that order.
return redis.call('PUBLISH', ARGV[1], ARGV[2])
