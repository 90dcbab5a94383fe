/* Signatures and secrets: what is believed, and what the operator is told when it is not. */
#include "signature.h"

#include <criterion/criterion.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY "{\"id\":\"evt_1\",\"type\":\"task.completed\"}"

static const int64_t now = 1716544084;

/* An independent signer: plain HMAC() over the documented bytes. */
static void sign(const char *secret, const char *timestamp, const char *body, char hex[65])
{
    char message[512];
    int length = snprintf(message, sizeof message, "v0:%s:%s", timestamp, body);
    unsigned char digest[32];
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)message, (size_t)length,
         digest, NULL);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static struct secrets *two_secrets(void)
{
    struct secrets *secrets = secrets_new();
    cr_assert(secrets_add_list(secrets, "new-secret, old-secret"));
    cr_assert_eq(secrets_count(secrets), 2);
    return secrets;
}

/* In a header, %N, %O and %X stand for the v1 of the body at `now` by the new, the old and a
 * foreign secret. */
static void expand(char *out, size_t size, const char *header)
{
    static const struct {
        char letter;
        const char *secret;
    } keys[] = {{'N', "new-secret"}, {'O', "old-secret"}, {'X', "foreign"}};
    size_t used = 0;
    for (; *header && used + 66 < size; header++) {
        if (*header != '%') {
            out[used++] = *header;
            continue;
        }
        header++;
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (keys[i].letter == *header) {
                sign(keys[i].secret, "1716544084", BODY, out + used);
                used += 64;
            }
    }
    out[used] = '\0';
}

struct check {
    const char *name;
    const char *signature, *timestamp;
    int64_t now;
    const char *reason; /* a part of it; NULL: the delivery is good */
};

static const struct check checks[] = {
    {"new secret", "t=1716544084,v1=%N", "1716544084", now, NULL},
    {"old secret", "t=1716544084,v1=%O", "1716544084", now, NULL},
    {"several v1, last one good", "t=1716544084,v1=%X,v1=%O", "1716544084", now, NULL},
    {"order and spaces", " v1=%N , t=1716544084 ", "1716544084", now, NULL},
    {"another scheme beside it", "t=1716544084,v0=abc,v1=%N", "1716544084", now, NULL},
    {"two minutes late", "t=1716544084,v1=%N", "1716544084", now + 120, NULL},
    {"two minutes early", "t=1716544084,v1=%N", "1716544084", now - 120, NULL},
    {"too late", "t=1716544084,v1=%N", "1716544084", now + 121, "121 s in the past"},
    {"too early", "t=1716544084,v1=%N", "1716544084", now - 3600, "3600 s in the future"},
    {"no signature", NULL, "1716544084", now, "no Anchor-Signature"},
    {"no timestamp", "t=1716544084,v1=%N", NULL, now, "no Anchor-Timestamp"},
    {"foreign secret", "t=1716544084,v1=%X", "1716544084", now, "wrong signature"},
    {"timestamps differ", "t=1716544084,v1=%N", "1716544085", now, "different"},
    {"signed for another time", "t=1716544085,v1=%N", "1716544085", now, "wrong signature"},
    {"timestamp with a leading zero", "t=01716544084,v1=%N", "01716544084", now, "t= is not"},
    {"timestamp with a sign", "t=-1716544084,v1=%N", "-1716544084", now, "t= is not"},
    {"timestamp in milliseconds", "t=1716544084123,v1=%N", "1716544084123", now, "t= is not"},
    {"timestamp header no number", "t=1716544084,v1=%N", "soon", now, "Anchor-Timestamp is not"},
    {"two t", "t=1716544084,t=1716544084,v1=%N", "1716544084", now, "more than one t="},
    {"no t", "v1=%N", "1716544084", now, "no t="},
    {"no v1", "t=1716544084", "1716544084", now, "no v1="},
    {"empty", "", "1716544084", now, "not of the form"},
    {"garbage", "hello", "1716544084", now, "not of the form"},
    {"short v1", "t=1716544084,v1=abcd", "1716544084", now, "64 lower-case"},
    {"v1 with more behind", "t=1716544084,v1=%N0", "1716544084", now, "64 lower-case"},
    {"upper-case v1",
     "t=1716544084,v1=ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",
     "1716544084", now, "64 lower-case"},
    {"seventeen v1",
     "t=1716544084,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,v1=%X,"
     "v1=%X,v1=%X,v1=%X,v1=%N",
     "1716544084", now, "more than 16"},
};

Test(signature, believes_only_what_was_signed)
{
    struct secrets *secrets = two_secrets();
    struct signer *signer = signer_new();
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const struct check *row = &checks[i];
        char header[2048], reason[160] = "";
        if (row->signature)
            expand(header, sizeof header, row->signature);
        bool good = signature_check(signer, secrets, row->signature ? header : NULL, row->timestamp,
                                    BODY, strlen(BODY), row->now, reason, sizeof reason);
        cr_expect_eq(good, row->reason == NULL, "%s: %s", row->name, reason);
        if (row->reason)
            cr_expect(strstr(reason, row->reason), "%s: \"%s\" should say \"%s\"", row->name,
                      reason, row->reason);
        cr_expect_not(strstr(reason, "secret-"), "%s: the reason shows a secret", row->name);
    }
    signer_free(signer);
    secrets_free(secrets);
}

Test(signature, a_changed_body_is_refused)
{
    struct secrets *secrets = two_secrets();
    struct signer *signer = signer_new();
    char header[128], body[] = BODY, reason[160];
    expand(header, sizeof header, "t=1716544084,v1=%N");
    for (size_t i = 0; i < strlen(BODY); i++) {
        body[i] ^= 1;
        cr_expect_not(signature_check(signer, secrets, header, "1716544084", body, strlen(BODY),
                                      now, reason, sizeof reason),
                      "byte %zu", i);
        body[i] ^= 1;
    }
    cr_expect(signature_check(signer, secrets, header, "1716544084", body, strlen(BODY), now,
                              reason, sizeof reason));
    signer_free(signer);
    secrets_free(secrets);
}

Test(signature, makes_what_an_independent_signer_makes)
{
    struct secrets *secrets = two_secrets();
    struct signer *signer = signer_new();
    char hex[SIGNATURE_HEX_SIZE], expected[65];
    sign("new-secret", "1716544084", BODY, expected);
    cr_expect(signature_make(signer, secrets, now, BODY, strlen(BODY), hex));
    cr_expect_str_eq(hex, expected);

    struct secrets *none = secrets_new();
    cr_expect_not(signature_make(signer, none, now, BODY, strlen(BODY), hex));
    secrets_free(none);
    signer_free(signer);
    secrets_free(secrets);
}

Test(secrets, lists_are_trimmed_and_without_repetition)
{
    struct secrets *secrets = secrets_new();
    cr_expect(secrets_add_list(secrets, " a ,,b\t,a,\n"));
    cr_expect_eq(secrets_count(secrets), 2);
    cr_expect(secrets_add(secrets, "  ", 2));
    cr_expect_eq(secrets_count(secrets), 2);
    cr_expect_eq(secrets_count(NULL), 0);
    secrets_free(secrets);
}

static const struct {
    const char *name, *content;
    size_t count;
    const char *reason; /* NULL: the file is good */
} files[] = {
    {"two and comments", "# mine\n  one  \r\n\n   # not me\ntwo", 2, NULL},
    {"same twice", "one\none\n", 1, NULL},
    {"empty", "", 0, "no secret in the secret file"},
    {"comments only", "# one\n", 0, "no secret in the secret file"},
};

Test(secrets, files_have_one_a_line)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[] = "/tmp/anchortop-secrets-XXXXXX", reason[256] = "";
        int fd = mkstemp(path);
        cr_assert_geq(fd, 0);
        cr_assert_eq(write(fd, files[i].content, strlen(files[i].content)),
                     (ssize_t)strlen(files[i].content));
        close(fd);
        struct secrets *secrets = secrets_new();
        bool ok = secrets_add_file(secrets, path, reason, sizeof reason);
        cr_expect_eq(ok, files[i].reason == NULL, "%s: %s", files[i].name, reason);
        cr_expect_eq(secrets_count(secrets), files[i].count, "%s", files[i].name);
        if (files[i].reason) {
            cr_expect(strstr(reason, files[i].reason), "%s: %s", files[i].name, reason);
            cr_expect(strstr(reason, path), "%s: the reason names the file", files[i].name);
        }
        secrets_free(secrets);
        unlink(path);
    }
}

Test(secrets, an_unreadable_file_says_why)
{
    static const struct {
        const char *path, *reason;
    } rows[] = {
        {"/nonexistent/secrets", "No such file"},
        {"/tmp", "Is a directory"},
        {"/dev/zero", "not a secret file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[256] = "";
        struct secrets *secrets = secrets_new();
        cr_expect_not(secrets_add_file(secrets, rows[i].path, reason, sizeof reason));
        cr_expect(strstr(reason, rows[i].reason) && strstr(reason, rows[i].path), "%s", reason);
        secrets_free(secrets);
    }
}
