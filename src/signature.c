/*
 * HMAC-SHA256 through one EVP_MAC context per thread; the context is re-keyed for every message,
 * which is cheaper than a new one.
 */
#include "signature.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGEST_SIZE = 32,
    MAX_CANDIDATES = 16,       /* v1 values looked at in one header */
    MAX_SECRET_FILE = 1 << 20, /* bytes; a file beyond it is not a list of secrets */
    PREFIX_SIZE = 32,          /* "v0:" + any int64_t + ":" */
};

struct secret {
    char *bytes;
    size_t length;
};

struct secrets {
    struct secret *items;
    size_t count;
};

struct signer {
    EVP_MAC *mac;
    EVP_MAC_CTX *context;
};

struct secrets *secrets_new(void)
{
    return calloc(1, sizeof(struct secrets));
}

void secrets_free(struct secrets *secrets)
{
    if (!secrets)
        return;
    for (size_t i = 0; i < secrets->count; i++)
        OPENSSL_clear_free(secrets->items[i].bytes, secrets->items[i].length);
    free(secrets->items);
    free(secrets);
}

size_t secrets_count(const struct secrets *secrets)
{
    return secrets ? secrets->count : 0;
}

static bool has_secret(const struct secrets *secrets, const char *secret, size_t length)
{
    for (size_t i = 0; i < secrets->count; i++)
        if (secrets->items[i].length == length &&
            CRYPTO_memcmp(secrets->items[i].bytes, secret, length) == 0)
            return true;
    return false;
}

bool secrets_add(struct secrets *secrets, const char *secret, size_t length)
{
    while (length > 0 && isspace((unsigned char)secret[0]))
        secret++, length--;
    while (length > 0 && isspace((unsigned char)secret[length - 1]))
        length--;
    if (length == 0 || has_secret(secrets, secret, length))
        return true;

    struct secret *items = realloc(secrets->items, (secrets->count + 1) * sizeof *items);
    if (!items)
        return false;
    secrets->items = items;
    char *bytes = OPENSSL_malloc(length);
    if (!bytes)
        return false;
    memcpy(bytes, secret, length);
    items[secrets->count++] = (struct secret){.bytes = bytes, .length = length};
    return true;
}

bool secrets_add_list(struct secrets *secrets, const char *list)
{
    for (;;) {
        size_t length = strcspn(list, ",");
        if (!secrets_add(secrets, list, length))
            return false;
        if (list[length] == '\0')
            return true;
        list += length + 1;
    }
}

/* Adds every line but comments; *found tells whether there was one. */
static bool add_lines(struct secrets *secrets, const char *text, size_t length, bool *found)
{
    const char *end = text + length;
    *found = false;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline ? newline : end;
        while (text < line_end && isspace((unsigned char)*text))
            text++;
        if (text < line_end && *text != '#') {
            *found = true;
            if (!secrets_add(secrets, text, (size_t)(line_end - text)))
                return false;
        }
        text = newline ? newline + 1 : end;
    }
    return true;
}

bool secrets_add_file(struct secrets *secrets, const char *path, char *reason, size_t reason_size)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        snprintf(reason, reason_size, "cannot read the secret file %s: %s", path, strerror(errno));
        return false;
    }
    bool ok = false, found = false;
    char *text = OPENSSL_malloc(MAX_SECRET_FILE);
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the secrets in a buffer that nobody wipes */
    size_t length = text ? fread(text, 1, MAX_SECRET_FILE, file) : 0;
    if (!text)
        snprintf(reason, reason_size, "out of memory while reading the secret file %s", path);
    else if (ferror(file))
        snprintf(reason, reason_size, "cannot read the secret file %s: %s", path, strerror(errno));
    else if (length == MAX_SECRET_FILE || memchr(text, '\0', length))
        snprintf(reason, reason_size,
                 "%s is not a secret file: it should be text, one secret a line", path);
    else if (!add_lines(secrets, text, length, &found))
        snprintf(reason, reason_size, "out of memory while reading the secret file %s", path);
    else if (!found)
        snprintf(reason, reason_size,
                 "no secret in the secret file %s: write the webhook's signing secret on a line",
                 path);
    else
        ok = true;
    OPENSSL_clear_free(text, MAX_SECRET_FILE);
    fclose(file);
    return ok;
}

struct signer *signer_new(void)
{
    struct signer *signer = calloc(1, sizeof *signer);
    if (!signer)
        return NULL;
    signer->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    signer->context = signer->mac ? EVP_MAC_CTX_new(signer->mac) : NULL;
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    if (!signer->context || !EVP_MAC_CTX_set_params(signer->context, params)) {
        signer_free(signer);
        return NULL;
    }
    return signer;
}

void signer_free(struct signer *signer)
{
    if (!signer)
        return;
    EVP_MAC_CTX_free(signer->context);
    EVP_MAC_free(signer->mac);
    free(signer);
}

static bool digest_message(struct signer *signer, const struct secret *secret, int64_t timestamp,
                           const char *body, size_t length, unsigned char digest[DIGEST_SIZE])
{
    char prefix[PREFIX_SIZE];
    int prefix_length = snprintf(prefix, sizeof prefix, "v0:%" PRId64 ":", timestamp);
    size_t written = 0;
    return EVP_MAC_init(signer->context, (const unsigned char *)secret->bytes, secret->length,
                        NULL) &&
           EVP_MAC_update(signer->context, (const unsigned char *)prefix, (size_t)prefix_length) &&
           EVP_MAC_update(signer->context, (const unsigned char *)body, length) &&
           EVP_MAC_final(signer->context, digest, &written, DIGEST_SIZE) && written == DIGEST_SIZE;
}

static void to_hex(const unsigned char digest[DIGEST_SIZE], char hex[SIGNATURE_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * DIGEST_SIZE] = '\0';
}

bool signature_make(struct signer *signer, const struct secrets *secrets, int64_t timestamp,
                    const char *body, size_t length, char hex[SIGNATURE_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];
    if (secrets_count(secrets) == 0 ||
        !digest_message(signer, &secrets->items[0], timestamp, body, length, digest))
        return false;
    to_hex(digest, hex);
    return true;
}

/* What the two headers say, before anything is computed. */
struct claim {
    int64_t timestamp;
    const char *candidates[MAX_CANDIDATES]; /* of SIGNATURE_HEX_SIZE - 1 characters each */
    size_t count;
};

/* Decimal Unix seconds, digits only: exactly what was signed can be written from the number. */
static bool parse_timestamp(const char *text, size_t length, int64_t *timestamp)
{
    if (length == 0 || length > 12 || (text[0] == '0' && length > 1))
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *timestamp = value;
    return true;
}

static bool is_signature(const char *text, size_t length)
{
    if (length != SIGNATURE_HEX_SIZE - 1)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!(text[i] >= '0' && text[i] <= '9') && !(text[i] >= 'a' && text[i] <= 'f'))
            return false;
    return true;
}

/* Reads "t=…,v1=…[,v1=…]". Schemes other than v1 are for receivers of another day. NULL, or what is
 * wrong with it. */
static const char *parse_signature(const char *header, struct claim *claim)
{
    bool timed = false;
    for (const char *item = header;;) {
        item += strspn(item, " \t");
        size_t length = strcspn(item, ",");
        const char *next = item + length;
        while (length > 0 && strchr(" \t", item[length - 1]))
            length--;
        if (length >= 2 && memcmp(item, "t=", 2) == 0) {
            if (timed)
                return "it has more than one t=";
            if (!parse_timestamp(item + 2, length - 2, &claim->timestamp))
                return "its t= is not a Unix timestamp in seconds";
            timed = true;
        } else if (length >= 3 && memcmp(item, "v1=", 3) == 0) {
            if (!is_signature(item + 3, length - 3))
                return "a v1= is not 64 lower-case hexadecimal digits";
            if (claim->count == MAX_CANDIDATES)
                return "it has more than 16 v1= values";
            claim->candidates[claim->count++] = item + 3;
        } else if (!memchr(item, '=', length)) {
            return "it is not of the form t=<seconds>,v1=<hex>";
        }
        if (*next == '\0')
            break;
        item = next + 1;
    }
    if (!timed)
        return "it has no t=";
    return claim->count == 0 ? "it has no v1=" : NULL;
}

/* Every secret is tried against every candidate: time tells nothing about which one was near. */
static bool any_match(struct signer *signer, const struct secrets *secrets,
                      const struct claim *claim, const char *body, size_t length)
{
    bool match = false;
    for (size_t i = 0; i < secrets->count; i++) {
        unsigned char digest[DIGEST_SIZE];
        char hex[SIGNATURE_HEX_SIZE];
        if (!digest_message(signer, &secrets->items[i], claim->timestamp, body, length, digest))
            continue;
        to_hex(digest, hex);
        for (size_t k = 0; k < claim->count; k++)
            match |= CRYPTO_memcmp(hex, claim->candidates[k], SIGNATURE_HEX_SIZE - 1) == 0;
    }
    return match;
}

static bool is_fresh(int64_t timestamp, int64_t now_s, char *reason, size_t reason_size)
{
    int64_t age = now_s - timestamp;
    if (age <= SIGNATURE_TOLERANCE && age >= -SIGNATURE_TOLERANCE)
        return true;
    snprintf(reason, reason_size,
             "the timestamp is %" PRId64 " s in the %s, more than %d s: check this machine's clock",
             age < 0 ? -age : age, age < 0 ? "future" : "past", SIGNATURE_TOLERANCE);
    return false;
}

/* Everything that can be said without the body. */
static bool read_claim(struct claim *claim, const char *signature, const char *timestamp,
                       int64_t now_s, char *reason, size_t reason_size)
{
    int64_t header_timestamp;
    const char *problem;
    if (!signature)
        snprintf(reason, reason_size, "no Anchor-Signature header: is the sender Anchor?");
    else if (!timestamp)
        snprintf(reason, reason_size, "no Anchor-Timestamp header");
    else if ((problem = parse_signature(signature, claim)))
        snprintf(reason, reason_size, "malformed Anchor-Signature header: %s", problem);
    else if (!parse_timestamp(timestamp, strlen(timestamp), &header_timestamp))
        snprintf(reason, reason_size, "Anchor-Timestamp is not a Unix timestamp in seconds");
    else if (header_timestamp != claim->timestamp)
        snprintf(reason, reason_size,
                 "Anchor-Timestamp and the t= of Anchor-Signature are different");
    else
        return is_fresh(claim->timestamp, now_s, reason, reason_size);
    return false;
}

bool signature_check_head(const char *signature, const char *timestamp, int64_t now_s, char *reason,
                          size_t reason_size)
{
    struct claim claim = {0};
    return read_claim(&claim, signature, timestamp, now_s, reason, reason_size);
}

bool signature_check(struct signer *signer, const struct secrets *secrets, const char *signature,
                     const char *timestamp, const char *body, size_t length, int64_t now_s,
                     char *reason, size_t reason_size)
{
    struct claim claim = {0};
    if (!read_claim(&claim, signature, timestamp, now_s, reason, reason_size))
        return false;
    if (any_match(signer, secrets, &claim, body, length))
        return true;
    snprintf(reason, reason_size,
             "wrong signature: the secret is another webhook's, or the body was changed");
    return false;
}
