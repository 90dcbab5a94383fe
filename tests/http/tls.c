/* HTTPS: deliveries by it, and a certificate that is renewed while the program runs. */
#include <criterion/criterion.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../raw.h"
#include "../tls.h"

static char folder[] = "/tmp/anchortop-test-tls-XXXXXX";
static char cert[64], key[64];
static SSL_CTX *context;

static void set_up(void)
{
    cr_assert(mkdtemp(folder));
    snprintf(cert, sizeof cert, "%s/chain.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    context = SSL_CTX_new(TLS_client_method());
    tls_make(cert, key, 1);
}

static void tear_down(void)
{
    programs_stop();
    SSL_CTX_free(context);
    unlink(cert);
    unlink(key);
    rmdir(folder);
}

TestSuite(tls, .init = set_up, .fini = tear_down, .timeout = 60);

static struct watch start(void)
{
    const char *const arguments[] = {"--tls-cert", cert, "--tls-key", key, NULL};
    return watch_start(&(struct program_setup){.arguments = arguments, .columns = 200});
}

static SSL *connect_tls(const struct watch *watch)
{
    SSL *tls = SSL_new(context);
    SSL_set_fd(tls, http_connect(watch->port));
    cr_assert_eq(SSL_connect(tls), 1);
    return tls;
}

static void hang_up(SSL *tls)
{
    close(SSL_get_fd(tls));
    SSL_free(tls);
}

/* The status of one delivery on a connection that is kept. */
static int deliver(SSL *tls)
{
    char request[RAW_SIZE], answer[2048];
    size_t length =
        raw_request(request, "POST / HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", raw_event());
    cr_assert_gt(SSL_write(tls, request, (int)length), 0);
    int got = SSL_read(tls, answer, sizeof answer - 1);
    if (got <= 12)
        return 0;
    answer[got] = '\0';
    return atoi(answer + 9);
}

static long serial_of(const SSL *tls)
{
    X509 *certificate = SSL_get1_peer_certificate(tls);
    long serial = ASN1_INTEGER_get(X509_get0_serialNumber(certificate));
    X509_free(certificate);
    return serial;
}

/* The serial number of what a new connection is shown; a delivery by it is good. */
static long served(const struct watch *watch)
{
    SSL *tls = connect_tls(watch);
    long serial = serial_of(tls);
    cr_expect_eq(deliver(tls), 200);
    hang_up(tls);
    return serial;
}

Test(tls, a_renewed_certificate_is_served_after_a_hangup_signal)
{
    struct watch watch = start();
    SSL *kept = connect_tls(&watch);
    cr_expect_eq(serial_of(kept), 1);
    cr_expect_eq(deliver(kept), 200);

    tls_make(cert, key, 2);
    cr_expect_eq(served(&watch), 1, "not before it is told");
    program_signal(watch.program, SIGHUP);
    program_wait_text(watch.program, "certificate read again: valid until 20");
    cr_expect_eq(served(&watch), 2);
    cr_expect_eq(deliver(kept), 200, "connections stay");
    hang_up(kept);
}

/* As framing's test of the same, which is without TLS. */
Test(tls, an_early_refusal_reaches_who_writes_first)
{
    enum { PIECE = 50000, PIECES = 80 };
    static const char piece[PIECE];
    static const char head[] = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4000000\r\n\r\n";
    struct watch watch = start();
    SSL *tls = connect_tls(&watch);
    char answer[2048] = "";
    cr_assert_gt(SSL_write(tls, head, sizeof head - 1), 0);
    for (int i = 0; i < PIECES; i++)
        cr_assert_gt(SSL_write(tls, piece, PIECE), 0, "piece %d", i);
    cr_assert_gt(SSL_read(tls, answer, sizeof answer - 1), 0);
    cr_expect_eq(atoi(answer + 9), 401, "%s", answer);
    cr_expect_leq(SSL_read(tls, answer, sizeof answer - 1), 0);
    hang_up(tls);
    cr_expect_eq(served(&watch), 1);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(content, file) >= 0 && fclose(file) == 0);
}

Test(tls, a_broken_certificate_is_not_taken_for_a_good_one)
{
    static const struct {
        const char *cert, *says; /* NULL: that of another key */
    } rows[] = {
        {"nonsense", "is not a certificate in PEM form"},
        {"", "is not a certificate in PEM form"},
        {NULL, "is not the key of the certificate"},
    };
    char other[72];
    struct watch watch = start();
    snprintf(other, sizeof other, "%s.other", key);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].cert)
            write_file(cert, rows[i].cert);
        else
            tls_make(cert, other, 3);
        program_signal(watch.program, SIGHUP);
        program_wait_text(watch.program, "the certificate stays as it was");
        program_wait_text(watch.program, rows[i].says);
        cr_expect_eq(served(&watch), 1, "%s", rows[i].says);
    }
    unlink(other);
    tls_make(cert, key, 4);
    program_signal(watch.program, SIGHUP);
    program_wait_text(watch.program, "certificate read again");
    cr_expect_eq(served(&watch), 4, "until it is mended");
}
