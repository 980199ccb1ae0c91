/** A machine that was cut off says no goodbye: a connection that is silent this long asks whether it is still there. */
export const noticeDeath = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }
