/* --tls-cert and --tls-key: every way in which they can be wrong has its own words. */
#include "certificate.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/anchortop-tls-XXXXXX";

static const char *in_folder(const char *name)
{
    static char paths[4][64];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static FILE *create(const char *name)
{
    FILE *file = fopen(in_folder(name), "w");
    cr_assert(file);
    return file;
}

/* A certificate with its key, and that key under a passphrase. */
static void write_pair(const char *cert, const char *key, const char *locked)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, pair);
    cr_assert(X509_sign(certificate, pair, EVP_sha256()));
    FILE *file = create(cert);
    PEM_write_X509(file, certificate);
    fclose(file);
    file = create(key);
    PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    file = create(locked);
    PEM_write_PrivateKey(file, pair, EVP_aes_128_cbc(), (const unsigned char *)"pass", 4, NULL,
                         NULL);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(pair);
}

static const struct {
    const char *cert, *key;
    const char *reason; /* NULL: they are good */
} rows[] = {
    {"a.cert", "a.key", NULL},
    {"a.cert", NULL, "belong together"},
    {NULL, "a.key", "belong together"},
    {"none", "a.key", "--tls-cert: cannot read"},
    {"a.cert", "none", "--tls-key: cannot read"},
    {"a.key", "a.key", "--tls-cert: "},
    {"a.cert", "a.cert", "--tls-key: "},
    {"a.cert", "b.key", "not the key of the certificate"},
    {"a.cert", "a.locked", "passphrase"},
};

Test(certificate, files)
{
    cr_assert(mkdtemp(folder));
    write_pair("a.cert", "a.key", "a.locked");
    write_pair("b.cert", "b.key", "b.locked");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[300] = "";
        struct certificate *certificate =
            certificate_read(rows[i].cert ? in_folder(rows[i].cert) : NULL,
                             rows[i].key ? in_folder(rows[i].key) : NULL, reason, sizeof reason);
        cr_expect_eq(certificate != NULL, rows[i].reason == NULL, "row %zu: %s", i, reason);
        if (rows[i].reason)
            cr_expect(strstr(reason, rows[i].reason), "row %zu: %s", i, reason);
        certificate_free(certificate);
    }
    static const char *const names[] = {"a.cert", "a.key", "a.locked",
                                        "b.cert", "b.key", "b.locked"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    rmdir(folder);
}
