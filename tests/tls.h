/*
 * Certificates for tests of TLS on 127.0.0.1.
 */
#ifndef ANCHORTOP_TLS_H
#define ANCHORTOP_TLS_H

/* Writes a new key, and a certificate of this serial number for 127.0.0.1 that has signed itself:
 * it is its own authority. Replaces the files as a program that renews certificates does. */
void tls_make(const char *cert_path, const char *key_path, long serial);

#endif
