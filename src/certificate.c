/*
 * The two PEM files, read as the TLS library will read them.
 */
#include "certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct certificate {
    X509 *leaf;
    STACK_OF(X509) * chain; /* the others of its file */
    EVP_PKEY *key;
};

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

/* Reads the rest of a file of certificates. False when something else stands in it. */
static bool read_chain(FILE *file, STACK_OF(X509) * chain)
{
    for (;;) {
        X509 *next = PEM_read_X509(file, NULL, no_passphrase, NULL);
        if (!next)
            break;
        if (sk_X509_push(chain, next) == 0) {
            X509_free(next);
            return false;
        }
    }
    bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return at_end;
}

static bool read_certificates(struct certificate *certificate, const char *path, char *reason,
                              size_t reason_size)
{
    FILE *file = open_file("--tls-cert", path, reason, reason_size);
    if (!file)
        return false;
    certificate->leaf = PEM_read_X509(file, NULL, no_passphrase, NULL);
    certificate->chain = sk_X509_new_null();
    bool good = certificate->leaf && certificate->chain && read_chain(file, certificate->chain);
    if (!certificate->leaf)
        snprintf(reason, reason_size, "--tls-cert: %s is not a certificate in PEM form", path);
    else if (!good)
        snprintf(reason, reason_size, "--tls-cert: a further certificate in %s is damaged", path);
    fclose(file);
    return good;
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

/* What TLS itself has against it: a key that is too short, say. */
static bool try_out(const struct certificate *certificate, const char *path, char *reason,
                    size_t reason_size)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    bool good = context && certificate_use(certificate, context);
    if (!good) {
        const char *why = ERR_reason_error_string(ERR_peek_last_error());
        snprintf(reason, reason_size, "--tls-cert: %s cannot be used: %s", path,
                 why ? why : "not enough memory");
    }
    SSL_CTX_free(context);
    ERR_clear_error();
    return good;
}

struct certificate *certificate_read(const char *cert, const char *key, char *reason,
                                     size_t reason_size)
{
    if (!cert || !key) {
        snprintf(reason, reason_size, "--tls-cert and --tls-key belong together: give both");
        return NULL;
    }
    struct certificate *certificate = calloc(1, sizeof *certificate);
    if (!certificate) {
        snprintf(reason, reason_size, "not enough memory for the certificate");
        return NULL;
    }
    ERR_clear_error();
    bool good = read_certificates(certificate, cert, reason, reason_size) &&
                (certificate->key = read_key(key, reason, reason_size));
    if (good && X509_check_private_key(certificate->leaf, certificate->key) != 1) {
        good = false;
        snprintf(reason, reason_size, "--tls-key: %s is not the key of the certificate %s", key,
                 cert);
    }
    if (good && try_out(certificate, cert, reason, reason_size))
        return certificate;
    certificate_free(certificate);
    return NULL;
}

void certificate_free(struct certificate *certificate)
{
    if (!certificate)
        return;
    X509_free(certificate->leaf);
    sk_X509_pop_free(certificate->chain, X509_free);
    EVP_PKEY_free(certificate->key);
    free(certificate);
}

bool certificate_use(const struct certificate *certificate, SSL_CTX *context)
{
    return SSL_CTX_use_cert_and_key(context, certificate->leaf, certificate->key,
                                    certificate->chain, 1) == 1;
}

int64_t certificate_end(const struct certificate *certificate)
{
    struct tm tm = {0};
    if (!ASN1_TIME_to_tm(X509_get0_notAfter(certificate->leaf), &tm))
        return 0;
    return (int64_t)timegm(&tm);
}
