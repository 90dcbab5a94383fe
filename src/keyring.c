/*
 * Where the signing secrets come from: the environment and files, or for the demo, chance.
 */
#include "keyring.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char variable[] = "ANCHOR_WEBHOOK_SECRET";
static const char no_memory[] = "there is no memory left";

/* The variable's value when the program started; lives until it ends. */
static const char *environment_secrets(void)
{
    static char *value;
    const char *given = getenv(variable);
    if (given) {
        free(value);
        value = strdup(given);
        unsetenv(variable);
    }
    return value;
}

struct secrets *keyring_read(const struct options *options, char *reason, size_t reason_size)
{
    struct secrets *secrets = secrets_new();
    const char *list = environment_secrets();
    bool good = secrets && (!list || secrets_add_list(secrets, list));

    if (!good)
        snprintf(reason, reason_size, "%s", no_memory);
    for (size_t i = 0; good && i < options->secret_files.count; i++)
        good = secrets_add_file(secrets, options->secret_files.values[i], reason, reason_size);
    if (!good) {
        secrets_free(secrets);
        return NULL;
    }
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
