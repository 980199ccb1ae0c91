/** A certificate of a server that calls itself localhost, signed by itself, and its key: known to everybody, and good for tests alone. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIByjCCAXGgAwIBAgIUe+nPPiykdERZikQirEAyZGe6wLUwCgYIKoZIzj0EAwIw
LzESMBAGA1UEAwwJbG9jYWxob3N0MRkwFwYDVQQKDBBQYXNzZXJlbGxlIHRlc3Rz
MCAXDTI2MTEyMDEzMzY1NVoYDzIxMjYxMDI3MTMzNjU1WjAvMRIwEAYDVQQDDAls
b2NhbGhvc3QxGTAXBgNVBAoMEFBhc3NlcmVsbGUgdGVzdHMwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASD+gCjyr/fKRzzsW0THxRqtSijs084wGP+evAbSIWDu17c
9PTwquTMDEEzpE+esw9HntNp1Ty9ybeAX/BC1rnLo2kwZzAdBgNVHQ4EFgQUaYnS
7999rpW4KCEhwglq+gKidTUwHwYDVR0jBBgwFoAUaYnS7999rpW4KCEhwglq+gKi
dTUwDwYDVR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDRwAwRAIgO2/wrCDn5HsS21qluJWnYBpLaEhFxNYsj5lqAXZ5khsCIFN3
CoHhEir6zVyEiMSpuNUn0VZrea9+6VfUSw2LRDiC
-----END CERTIFICATE-----
`
export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcPOsW9757cYSuQff
T5jGdqF4/zQRu/wq7MrOkTAIJyuhRANCAASD+gCjyr/fKRzzsW0THxRqtSijs084
wGP+evAbSIWDu17c9PTwquTMDEEzpE+esw9HntNp1Ty9ybeAX/BC1rnL
-----END PRIVATE KEY-----
`
