/*
 * The two PEM files, read as the TLS library will read them.
 */
#include "certificate.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

/* Without one, OpenSSL would ask for it on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static FILE *open_file(const char *option, const char *path, char *reason, size_t reason_size)
{
    FILE *file = fopen(path, "re");
    if (!file)
        snprintf(reason, reason_size, "%s: cannot read %s: %s", option, path, strerror(errno));
    return file;
}

static X509 *read_certificate(const char *path, char *reason, size_t reason_size)
{
    FILE *file = open_file("--tls-cert", path, reason, reason_size);
    if (!file)
        return NULL;
    X509 *certificate = PEM_read_X509(file, NULL, no_passphrase, NULL);
    if (!certificate)
        snprintf(reason, reason_size, "--tls-cert: %s is not a certificate in PEM form", path);
    fclose(file);
    return certificate;
}

static EVP_PKEY *read_key(const char *path, char *reason, size_t reason_size)
{
    FILE *file = open_file("--tls-key", path, reason, reason_size);
    if (!file)
        return NULL;
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);
    if (!key)
        snprintf(reason, reason_size,
                 "--tls-key: %s is not a private key in PEM form without a passphrase", path);
    fclose(file);
    return key;
}

bool certificate_check(const char *cert, const char *key, char *reason, size_t reason_size)
{
    if (!cert || !key) {
        snprintf(reason, reason_size, "--tls-cert and --tls-key belong together: give both");
        return false;
    }
    X509 *certificate = read_certificate(cert, reason, reason_size);
    EVP_PKEY *private_key = certificate ? read_key(key, reason, reason_size) : NULL;
    bool match = private_key && X509_check_private_key(certificate, private_key) == 1;
    if (private_key && !match)
        snprintf(reason, reason_size, "--tls-key: %s is not the key of the certificate %s", key,
                 cert);
    EVP_PKEY_free(private_key);
    X509_free(certificate);
    return match;
}
