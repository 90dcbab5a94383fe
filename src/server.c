/*
 * Setting the endpoint up, with a reason for everything that can go wrong, and its thread.
 */
#include "server.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "endpoint.h"
#include "listen.h"
#include "thread.h"

enum {
    MAX_FILES = 4096,       /* open files of the process; libwebsockets reserves memory for each */
    SPARE_FILES = 64,       /* of them not for connections, or a quarter where there are few */
    READ_SIZE = 64 << 10,   /* bytes taken from a connection in one turn */
    LIBRARY_TIMEOUT_S = 10, /* for a TLS handshake */
};

/* Made and ended by one thread, at first and at last; `endpoint` and `secrets` belong to the
 * server's thread while it runs. */
struct server {
    struct endpoint endpoint;
    struct secrets *secrets;
    _Atomic(struct secrets *) next_secrets;
    _Atomic(struct certificate *) next_certificate;
    bool must_verify;
    char *path;
    char address[LISTEN_TEXT_SIZE];
    char url[LISTEN_TEXT_SIZE + 8];
    pthread_t thread;
    bool started;
    atomic_bool stop;
};

/* The library's last complaint, for the reason of a failed start. Its log would go to standard
 * error, and tear the screen. */
static _Thread_local char complaint[128];

static void keep_complaint(int level, const char *line)
{
    if (level == LLL_ERR)
        snprintf(complaint, sizeof complaint, "%.*s", (int)strcspn(line, "\n"), line);
}

/* Room for a thousand silent connections and more, where the shell allows 1,024 files; and no
 * hundreds of megabytes of tables, where a container allows a billion. Returns the limit. */
static size_t set_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < MAX_FILES ? limit.rlim_max : MAX_FILES;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return (size_t)before;
    return (size_t)limit.rlim_cur;
}

/* How many connections there can be: what is free of the limit, but for what the journal's readers,
 * alerts and the like will need. */
static size_t count_room(size_t limit)
{
    size_t unused = 0;
    for (size_t fd = 0; fd < limit; fd++)
        unused += fcntl((int)fd, F_GETFD) < 0;
    size_t spare = unused / 4 < SPARE_FILES ? unused / 4 : SPARE_FILES;
    return unused - spare;
}

static bool make_context(struct server *server, const struct server_config *config, char *reason,
                         size_t reason_size)
{
    struct endpoint *endpoint = &server->endpoint;
    size_t files = set_file_limit();

    lws_set_log_level(LLL_ERR, keep_complaint);
    complaint[0] = '\0';
    struct lws_context_creation_info info = {
        .port = config->tls_cert ? CONTEXT_PORT_NO_LISTEN_SERVER : CONTEXT_PORT_NO_LISTEN,
        .protocols = endpoint_protocols,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .user = endpoint,
        .pt_serv_buf_size = READ_SIZE,
        .timeout_secs = LIBRARY_TIMEOUT_S,
        .alpn = "http/1.1",
        .vhost_name = "anchortop",
        .ssl_cert_filepath = config->tls_cert,
        .ssl_private_key_filepath = config->tls_key,
    };
    if (config->tls_cert)
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    endpoint->context = lws_create_context(&info);
    if (endpoint->context)
        endpoint->vhost = lws_create_vhost(endpoint->context, &info);
    endpoint->most_connections = count_room(files);
    if (!endpoint->vhost)
        snprintf(reason, reason_size, "the endpoint could not be set up%s%s",
                 complaint[0] ? ": " : "", complaint);
    return endpoint->vhost;
}

static bool check_exposure(const struct server *server, const char *where, char *reason,
                           size_t reason_size)
{
    if (!server->must_verify || secrets_count(server->secrets) > 0)
        return true;
    snprintf(reason, reason_size,
             "--listen %.60s is open to other machines, and there is no signing secret to check "
             "events with: set ANCHOR_WEBHOOK_SECRET or --secret-file, or allow it with --insecure",
             where);
    return false;
}

static bool check_certificate(const struct server_config *config, char *reason, size_t reason_size)
{
    if (!config->tls_cert && !config->tls_key)
        return true;
    struct certificate *certificate =
        certificate_read(config->tls_cert, config->tls_key, reason, reason_size);
    certificate_free(certificate);
    return certificate;
}

static bool open_server(struct server *server, const struct server_config *config, char *reason,
                        size_t reason_size)
{
    struct listen_address address;
    if (!listen_parse(&address, config->listen, reason, reason_size))
        return false;
    server->must_verify = !address.loopback && !config->insecure;
    if (!check_exposure(server, config->listen, reason, reason_size))
        return false;
    if (!check_certificate(config, reason, reason_size))
        return false;

    int socket = listen_open(&address, reason, reason_size);
    if (socket < 0)
        return false;
    listen_local_text(socket, server->address);
    char reach[LISTEN_TEXT_SIZE];
    listen_reach_text(socket, reach);
    snprintf(server->url, sizeof server->url, "%s://%s", config->tls_cert ? "https" : "http",
             reach);
    if (!make_context(server, config, reason, reason_size)) {
        close(socket);
        return false;
    }
    if (!endpoint_open(&server->endpoint, socket)) {
        snprintf(reason, reason_size, "cannot watch the listening socket: %s", complaint);
        return false;
    }
    return true;
}

static bool set_up(struct server *server, const struct server_config *config, char *reason,
                   size_t reason_size)
{
    server->path = config->path ? strdup(config->path) : NULL;
    server->endpoint.signer = signer_new();
    if (!server->endpoint.signer || (config->path && !server->path)) {
        snprintf(reason, reason_size, "not enough memory for the endpoint");
        return false;
    }
    server->endpoint.rules = (struct intake_rules){
        .path = server->path, .secrets = server->secrets, .insecure = config->insecure};
    server->endpoint.admissions = (struct admissions){
        .store = config->store, .history = config->history, .loader = config->loader};
    server->endpoint.changed = config->changed;
    server->endpoint.changed_context = config->changed_context;
    return open_server(server, config, reason, reason_size);
}

struct server *server_new(const struct server_config *config, char *reason, size_t reason_size)
{
    struct server *server = calloc(1, sizeof *server);
    if (!server) {
        secrets_free(config->secrets);
        snprintf(reason, reason_size, "not enough memory for the endpoint");
        return NULL;
    }
    server->secrets = config->secrets;
    if (set_up(server, config, reason, reason_size))
        return server;
    server_free(server);
    return NULL;
}

static void take_new_secrets(struct server *server)
{
    struct secrets *next = atomic_exchange(&server->next_secrets, NULL);
    if (!next)
        return;
    secrets_free(server->secrets);
    server->secrets = next;
    server->endpoint.rules.secrets = next;
}

static void take_new_certificate(struct server *server)
{
    struct certificate *next = atomic_exchange(&server->next_certificate, NULL);
    if (next && server->endpoint.tls)
        certificate_use(next, server->endpoint.tls);
    certificate_free(next);
}

static void *run(void *context)
{
    struct server *server = context;
    while (!atomic_load(&server->stop) && lws_service(server->endpoint.context, 0) >= 0) {
        take_new_secrets(server);
        take_new_certificate(server);
        endpoint_finish_turn(&server->endpoint);
    }
    return NULL;
}

bool server_start(struct server *server, char *reason, size_t reason_size)
{
    int error = thread_start(&server->thread, run, server);
    server->started = error == 0;
    if (error != 0)
        snprintf(reason, reason_size, "cannot start the endpoint's thread: %s", strerror(error));
    return server->started;
}

void server_free(struct server *server)
{
    if (!server)
        return;
    if (server->started) {
        atomic_store(&server->stop, true);
        lws_cancel_service(server->endpoint.context);
        pthread_join(server->thread, NULL);
    }
    server->endpoint.closing = true;
    if (server->endpoint.context)
        lws_context_destroy(server->endpoint.context);
    endpoint_close(&server->endpoint);
    secrets_free(atomic_load(&server->next_secrets));
    certificate_free(atomic_load(&server->next_certificate));
    secrets_free(server->secrets);
    signer_free(server->endpoint.signer);
    free(server->path);
    free(server);
}

const char *server_address(const struct server *server)
{
    return server->address;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

void server_set_secrets(struct server *server, struct secrets *secrets)
{
    if (server->must_verify && secrets_count(secrets) == 0) {
        secrets_free(secrets);
        return;
    }
    secrets_free(atomic_exchange(&server->next_secrets, secrets));
    lws_cancel_service(server->endpoint.context);
}

void server_set_certificate(struct server *server, struct certificate *certificate)
{
    certificate_free(atomic_exchange(&server->next_certificate, certificate));
    lws_cancel_service(server->endpoint.context);
}
