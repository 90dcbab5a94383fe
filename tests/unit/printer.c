/* What the printer promises to whoever runs it; what it prints stands in tests/http/tail.c. */
#include "../../src/printer.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/wake.h"

static int reloads;

static const char *reload(void *context)
{
    (void)context;
    reloads++;
    return "read again";
}

static void hang_up_and_end(void *context)
{
    (void)context;
    raise(SIGHUP);
    raise(SIGTERM);
}

/* Who reads that it listens may send a signal at once. */
Test(printer, takes_signals_from_when_it_is_said_to_be_ready, .timeout = 30)
{
    char reason[256];
    cr_assert(wake_open(reason, sizeof reason), "%s", reason);
    struct store *store = store_new(0);
    cr_assert(store);
    const struct printer_config config = {
        .store = store, .ready = hang_up_and_end, .reload = reload};
    cr_expect_eq(printer_run(&config), EXIT_SUCCESS);
    cr_expect_eq(reloads, 1);
    store_free(store);
}
