/* Signing secrets, from the environment, from files, and by chance. */
#include "keyring.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"

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

static rlim_t core_limit(void)
{
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    return limit.rlim_cur;
}

/* What the shell calls the limit, for a program that is started; as an exit status. */
static int started_with_limit(const char *limit)
{
    char script[64], *arguments[] = {"sh", "-c", script, NULL};
    int status;
    pid_t pid;
    snprintf(script, sizeof script, "[ \"$(ulimit -c)\" = %s ]", limit);
    const struct process_setup setup = {
        .path = "/bin/sh", .arguments = arguments, .input = -1, .errors = -1};
    cr_assert_eq(process_start(&setup, &pid), 0);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

Test(keyring, who_holds_a_secret_leaves_no_core_dump)
{
    struct options options = {0};
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    if (limit.rlim_max < 1024)
        cr_skip("core dumps are forbidden already");
    limit.rlim_cur = 1024;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &limit), 0);
    unsetenv("ANCHOR_WEBHOOK_SECRET");
    cr_expect_eq(count(&options), 0);
    cr_expect_eq(core_limit(), 1024, "without one, a developer may have it");
    setenv("ANCHOR_WEBHOOK_SECRET", "one", 1);
    cr_expect_eq(count(&options), 1);
    cr_expect_eq(core_limit(), 1);
    cr_expect_eq(count(&options), 1, "and when they are read again");
    cr_expect_eq(started_with_limit("2") == 0 || started_with_limit("1") == 0, 1,
                 "what is started is left alone; in blocks of 512 or 1024 bytes");
}

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
