/*
 * Where the signing secrets come from: the environment and files, or for the demo, chance.
 */
#include "keyring.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "process.h"

static const char no_memory[] = "there is no memory left";

extern char **environ;

/* Variables that nothing that this program starts may inherit. `value` is a copy of the first one
 * of that name; it lives until the program ends. */
static struct {
    const char *name;
    bool kept; /* the program needs its value */
    char *value;
} variables[] = {
    {"ANCHOR_WEBHOOK_SECRET", true, NULL},
    {"ANCHORBROWSER_API_KEY", false, NULL},
    {"ANCHOR_API_KEY", false, NULL},
};

enum { WEBHOOK_SECRETS, VARIABLES = sizeof variables / sizeof *variables };

/* Copies and overwrites the value that an entry of the environment holds for a variable. */
static void take_entry(char *entry)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        size_t length = strlen(variables[i].name);
        if (strncmp(entry, variables[i].name, length) != 0 || entry[length] != '=')
            continue;
        char *value = entry + length + 1;
        if (variables[i].kept && !variables[i].value)
            variables[i].value = strdup(value);
        OPENSSL_cleanse(value, strlen(value));
    }
}

void keyring_empty_environment(void)
{
    for (char **entry = environ; entry && *entry; entry++)
        take_entry(*entry);
    for (size_t i = 0; i < VARIABLES; i++)
        unsetenv(variables[i].name);
}

struct secrets *keyring_read(const struct options *options, char *reason, size_t reason_size)
{
    struct secrets *secrets = secrets_new();
    keyring_empty_environment();
    const char *list = variables[WEBHOOK_SECRETS].value;
    bool good = secrets && (!list || secrets_add_list(secrets, list));

    if (!good)
        snprintf(reason, reason_size, "%s", no_memory);
    for (size_t i = 0; good && i < options->secret_files.count; i++)
        good = secrets_add_file(secrets, options->secret_files.values[i], reason, reason_size);
    if (!good) {
        secrets_free(secrets);
        return NULL;
    }
    if (secrets_count(secrets) > 0)
        process_forbid_core_dumps();
    return secrets;
}

bool keyring_random(struct secrets **receiver, struct secrets **sender, char *reason,
                    size_t reason_size)
{
    unsigned char bytes[32];
    char hex[2 * sizeof bytes + 1];

    *receiver = secrets_new();
    *sender = secrets_new();
    bool good = *receiver && *sender && getrandom(bytes, sizeof bytes, 0) == sizeof bytes;
    if (good) {
        for (size_t i = 0; i < sizeof bytes; i++)
            snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
        good = secrets_add(*receiver, hex, strlen(hex)) && secrets_add(*sender, hex, strlen(hex));
        OPENSSL_cleanse(hex, sizeof hex);
        OPENSSL_cleanse(bytes, sizeof bytes);
    }
    if (!good) {
        snprintf(reason, reason_size, "a random secret could not be made");
        secrets_free(*receiver);
        secrets_free(*sender);
        *receiver = *sender = NULL;
    }
    return good;
}
