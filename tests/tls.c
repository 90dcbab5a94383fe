#include "tls.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

static FILE *create(const char *path, char next[4200])
{
    snprintf(next, 4200, "%s.next", path);
    FILE *file = fopen(next, "w");
    cr_assert(file, "%s", next);
    return file;
}

static void replace(FILE *file, const char *next, const char *path)
{
    cr_assert(fclose(file) == 0 && rename(next, path) == 0, "%s", path);
}

static X509 *sign_itself(EVP_PKEY *key, long serial)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_EXTENSION *address = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    X509_add_ext(certificate, address, -1);
    cr_assert(X509_sign(certificate, key, EVP_sha256()));
    X509_EXTENSION_free(address);
    return certificate;
}

void tls_make(const char *cert_path, const char *key_path, long serial)
{
    char next[4200];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = sign_itself(key, serial);
    FILE *file = create(cert_path, next);
    PEM_write_X509(file, certificate);
    replace(file, next, cert_path);
    file = create(key_path, next);
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    replace(file, next, key_path);
    X509_free(certificate);
    EVP_PKEY_free(key);
}
