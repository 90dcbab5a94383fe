/* Signing secrets, from the environment, from files, and by chance. */
#include "keyring.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

static char path[] = "/tmp/anchortop-keyring-XXXXXX";

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static void setup(void)
{
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    close(file);
}

static void teardown(void)
{
    unlink(path);
}

TestSuite(keyring, .init = setup, .fini = teardown);

static size_t count(const struct options *options)
{
    char reason[256] = "";
    struct secrets *secrets = keyring_read(options, reason, sizeof reason);
    cr_assert(secrets, "%s", reason);
    size_t found = secrets_count(secrets);
    secrets_free(secrets);
    return found;
}

Test(keyring, environment_and_files_add_up_and_files_are_read_again)
{
    struct options options = {.secret_files = {.values = {path}, .count = 1}};
    setenv("ANCHOR_WEBHOOK_SECRET", "one, two", 1);
    write_file("# old and new\nthree\n");
    cr_expect_eq(count(&options), 3);
    write_file("three\nfour\n");
    cr_expect_eq(count(&options), 4, "the environment's are remembered");
}

Test(keyring, started_programs_do_not_inherit_the_secret)
{
    struct options options = {0};
    setenv("ANCHOR_WEBHOOK_SECRET", "one", 1);
    cr_expect_eq(count(&options), 1);
    cr_expect_null(getenv("ANCHOR_WEBHOOK_SECRET"));
}

Test(keyring, secrets_and_api_keys_are_overwritten_in_the_environment)
{
    static char entries[][48] = {"ANCHOR_WEBHOOK_SECRET=one", "ANCHORBROWSER_API_KEY=two",
                                 "ANCHOR_API_KEY=three"};
    static char other[] = "ANCHOR_API_KEYS=four";
    enum { ENTRIES = sizeof entries / sizeof *entries };
    for (size_t i = 0; i < ENTRIES; i++)
        putenv(entries[i]);
    putenv(other);
    keyring_empty_environment();
    for (size_t i = 0; i < ENTRIES; i++) {
        cr_expect_eq(strlen(entries[i]), strcspn(entries[i], "=") + 1, "%s", entries[i]);
        entries[i][strcspn(entries[i], "=")] = '\0';
        cr_expect_null(getenv(entries[i]), "%s", entries[i]);
    }
    cr_expect_str_eq(getenv("ANCHOR_API_KEYS"), "four", "only these");
    cr_expect_eq(count(&(struct options){0}), 1, "the secret is remembered");
}

#if defined(__linux__)
Test(keyring, who_holds_a_secret_leaves_no_core_dump)
{
    struct options options = {0};
    unsetenv("ANCHOR_WEBHOOK_SECRET");
    cr_expect_eq(count(&options), 0);
    cr_expect_eq(prctl(PR_GET_DUMPABLE), 1, "without one, a developer may have it");
    setenv("ANCHOR_WEBHOOK_SECRET", "one", 1);
    cr_expect_eq(count(&options), 1);
    cr_expect_eq(prctl(PR_GET_DUMPABLE), 0);
}
#endif

Test(keyring, no_secret_is_no_error)
{
    struct options options = {0};
    unsetenv("ANCHOR_WEBHOOK_SECRET");
    cr_expect_eq(count(&options), 0);
}

Test(keyring, a_bad_file_is_named)
{
    struct options options = {.secret_files = {.values = {"/nowhere/secrets"}, .count = 1}};
    char reason[256] = "";
    cr_expect_null(keyring_read(&options, reason, sizeof reason));
    cr_expect(strstr(reason, "/nowhere/secrets"), "%s", reason);
}

Test(keyring, chance_gives_both_sides_the_same)
{
    struct secrets *receiver, *sender;
    struct signer *signer = signer_new();
    char hex[SIGNATURE_HEX_SIZE], header[128], reason[256];

    cr_assert(keyring_random(&receiver, &sender, reason, sizeof reason), "%s", reason);
    cr_assert(signature_make(signer, sender, 1000, "{}", 2, hex));
    snprintf(header, sizeof header, "t=1000,v1=%s", hex);
    cr_expect(
        signature_check(signer, receiver, header, "1000", "{}", 2, 1000, reason, sizeof reason),
        "%s", reason);
    signer_free(signer);
    secrets_free(receiver);
    secrets_free(sender);
}
