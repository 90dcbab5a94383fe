/*
 * Connections from accept() to close(): their queues, their requests in turns, their rows in the
 * list of deliveries.
 */
#include "endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"
#include "listen.h"
#include "text.h"

enum {
    ACCEPTS_A_TURN = 64,      /* so that a flood of connections does not keep others waiting */
    ACCEPT_PAUSE_US = 100000, /* when the system has no room for another connection */
};

static const struct endpoint_queue queue_kinds[WAITS] = {
    [WAIT_REQUEST] = {.patience = 30 * LWS_US_PER_SEC},
    [WAIT_DELIVERY] = {.patience = 10 * LWS_US_PER_SEC},
    [WAIT_GOODBYE] = {.patience = 2 * LWS_US_PER_SEC},
};

/* Owned by libwebsockets: zeroed when a connection is made, gone after its close callback. */
struct connection {
    struct endpoint *endpoint; /* NULL until it is adopted and after it is closed */
    struct lws *wsi;
    lws_dll2_t place; /* in its queue */
    lws_dll2_t turn;  /* in the endpoint's turn, when an answer is due */
    lws_usec_t deadline;
    lws_usec_t began; /* first byte of the request */
    const char *lost; /* why the server gave it up; NULL: the sender did */
    struct exchange exchange;
    struct delivery row;         /* of the request whose answer is due */
    struct admission *admission; /* the same request's; NULL: it was not good */
    char peer[LISTEN_TEXT_SIZE];
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ends a connection at once; it does not exist any more afterwards. Not for its own callback,
 * which returns -1 instead. */
static void drop(struct connection *c, const char *why)
{
    c->lost = why;
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

static struct connection *first_of(struct endpoint_queue *queue)
{
    struct lws_dll2 *head = lws_dll2_get_head(&queue->connections);
    return head ? lws_container_of(head, struct connection, place) : NULL;
}

static void on_queue_timer(lws_sorted_usec_list_t *timer);

static void arm(struct endpoint_queue *queue)
{
    struct connection *first = first_of(queue);
    if (queue->armed || !first)
        return;
    lws_usec_t now = lws_now_usecs();
    queue->armed = true;
    lws_sul_schedule(queue->endpoint->context, 0, &queue->timer, on_queue_timer,
                     first->deadline > now ? first->deadline - now : 1);
}

static void wait_for(struct connection *c, enum endpoint_wait wait)
{
    struct endpoint_queue *queue = &c->endpoint->queues[wait];
    lws_dll2_remove(&c->place);
    c->deadline = lws_now_usecs() + queue->patience;
    lws_dll2_add_tail(&c->place, &queue->connections);
    arm(queue);
}

static void answer_is_due(struct connection *c)
{
    if (lws_dll2_is_detached(&c->turn))
        lws_dll2_add_tail(&c->turn, &c->endpoint->turn);
}

/* Who is too slow gets told; who says nothing is let go. */
static void on_queue_timer(lws_sorted_usec_list_t *timer)
{
    struct endpoint_queue *queue = lws_container_of(timer, struct endpoint_queue, timer);
    lws_usec_t now = lws_now_usecs();
    queue->armed = false;
    for (struct connection *c; (c = first_of(queue)) && c->deadline <= now;) {
        if (queue == &queue->endpoint->queues[WAIT_DELIVERY]) {
            exchange_refuse(&c->exchange, 408, "the delivery was not complete after 10 s");
            answer_is_due(c);
            wait_for(c, WAIT_GOODBYE);
        } else {
            drop(c, NULL);
        }
    }
    arm(queue);
    /* Timers run before the loop waits for sockets: what they brought about must not wait too. */
    if (queue->endpoint->turn.count > 0 || queue->endpoint->stirred)
        lws_cancel_service(queue->endpoint->context);
}

static void begin_row(struct connection *c, enum delivery_result result)
{
    const struct exchange *x = &c->exchange;
    uint64_t bytes = x->received;
    c->row = (struct delivery){
        .received_ms = now_ms(),
        .bytes = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX,
        .result = (uint8_t)result,
    };
    snprintf(c->row.peer, sizeof c->row.peer, "%s", c->peer);
    if (x->request.delivery_id)
        text_clean(c->row.delivery_id, sizeof c->row.delivery_id, x->request.delivery_id,
                   strlen(x->request.delivery_id), 0);
}

static void finish_row(struct connection *c)
{
    lws_usec_t took = lws_now_usecs() - c->began;
    c->row.micros = took < (lws_usec_t)UINT32_MAX ? (uint32_t)took : UINT32_MAX;
    store_add_delivery(c->endpoint->admissions.store, &c->row);
    c->endpoint->stirred = true;
}

static void record_lost(struct connection *c, const char *reason)
{
    begin_row(c, DELIVERY_ABORTED);
    snprintf(c->row.reason, sizeof c->row.reason, "%s", reason);
    finish_row(c);
}

static void judge_body(struct connection *c)
{
    struct endpoint *e = c->endpoint;
    struct exchange *x = &c->exchange;
    struct admission admission = {
        .raw = x->buffer,
        .length = x->length,
        .delivery_id = x->request.delivery_id,
        .received_ms = c->row.received_ms,
    };
    x->verdict = intake_body(&e->rules, e->signer, &x->request.head, x->buffer, x->length,
                             admission.received_ms, &admission.event, &admission.verified);
    x->judged = true;
    if (x->verdict.status == 200)
        c->admission = admit_add(&e->admissions, &admission);
}

/* Decides about a ready request; what is good is to be admitted. */
static void judge(struct connection *c)
{
    begin_row(c, DELIVERY_REFUSED);
    c->admission = NULL;
    if (!c->exchange.judged)
        judge_body(c);
}

/* Judges requests whose answers are due, for as long as what is good may be admitted together.
 * Returns how many. */
static uint32_t judge_some(struct endpoint *e)
{
    uint32_t due = 0;
    lws_start_foreach_dll(struct lws_dll2 *, d, e->turn.head)
    {
        if (admit_is_full(&e->admissions))
            break;
        judge(lws_container_of(d, struct connection, turn));
        due++;
    }
    lws_end_foreach_dll(d);
    return due;
}

/* The row of a request for which everything is decided. */
static void settle(struct connection *c)
{
    struct verdict *verdict = &c->exchange.verdict;
    const struct admission *admission = c->admission;
    if (admission) {
        const char *id = admission->event.id;
        c->row.result = (uint8_t)admission->result;
        c->row.seq = admission->seq;
        c->row.row = admission->row;
        text_clean(c->row.event_id, sizeof c->row.event_id, id, strlen(id), 0);
        if (admission->refused) {
            verdict->status = 503;
            snprintf(verdict->reason, sizeof verdict->reason, "%s", c->endpoint->admissions.reason);
        }
    }
    c->row.status = (uint16_t)verdict->status;
    text_clean(c->row.reason, sizeof c->row.reason, verdict->reason, strlen(verdict->reason), 0);
}

static void write_body(struct connection *c, char body[ANSWER_BODY_SIZE])
{
    struct endpoint *e = c->endpoint;
    if (c->exchange.verdict.health) {
        struct store *store = e->admissions.store;
        store_lock(store);
        uint64_t events = store_counts(store)->results[DELIVERY_ACCEPTED];
        store_unlock(store);
        snprintf(body, ANSWER_BODY_SIZE, "{\"status\":\"ok\",\"events\":%llu}",
                 (unsigned long long)events);
    } else if (c->exchange.verdict.status == 200) {
        snprintf(body, ANSWER_BODY_SIZE, "{\"status\":\"%s\"}",
                 c->row.result == DELIVERY_DUPLICATE ? "duplicate" : "accepted");
    } else {
        answer_error(body, c->exchange.verdict.reason);
    }
}

/* False when the connection is of no more use: gone, or answers pile up that nobody reads. */
static bool send_bytes(struct connection *c, size_t length)
{
    if (lws_partial_buffered(c->wsi))
        return false;
    unsigned char *bytes = c->endpoint->out + LWS_PRE;
    return lws_write(c->wsi, bytes, length, LWS_WRITE_RAW) == (int)length &&
           !lws_partial_buffered(c->wsi);
}

static bool send_answer(struct connection *c)
{
    char body[ANSWER_BODY_SIZE];
    write_body(c, body);
    const struct answer answer = {
        .status = c->exchange.verdict.status,
        .body = body,
        .now_s = c->row.received_ms / 1000,
        .close = exchange_is_last(&c->exchange),
        .head_only = strcmp(c->exchange.request.head.method, "HEAD") == 0,
    };
    return send_bytes(c, answer_format((char *)c->endpoint->out + LWS_PRE, &answer));
}

/* Says that nothing more will come. Closing with unread input would take the answer away from a
 * sender that is still writing, so that what it sends is read for a while and dropped. */
static void say_goodbye(struct connection *c)
{
    SSL *ssl = lws_get_ssl(c->wsi);
    if (ssl)
        SSL_shutdown(ssl);
    shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
    wait_for(c, WAIT_GOODBYE);
}

static void answer(struct connection *c)
{
    bool health = c->exchange.verdict.health;
    settle(c);
    bool sent = send_answer(c);
    if (!sent && c->row.result == DELIVERY_REFUSED)
        c->row.result = DELIVERY_ABORTED;
    if (!sent)
        c->row.status = 0;
    if (!health)
        finish_row(c);

    exchange_next(&c->exchange);
    if (!sent) {
        c->exchange.state = EXCHANGE_CLOSED;
        drop(c, NULL);
        return;
    }
    switch (c->exchange.state) {
    case EXCHANGE_READY: answer_is_due(c); break;
    case EXCHANGE_CLOSED: say_goodbye(c); break;
    default: wait_for(c, WAIT_REQUEST);
    }
}

static void on_tend(lws_sorted_usec_list_t *timer)
{
    struct endpoint *e = lws_container_of(timer, struct endpoint, tend);
    unsigned said = history_said(e->admissions.history);
    int64_t pause_ms = history_tend(e->admissions.history);
    lws_sul_schedule(e->context, 0, timer, on_tend, pause_ms * LWS_US_PER_MS);
    if (e->changed && said != history_said(e->admissions.history))
        e->changed(e->changed_context);
}

/* Makes everything durable at once that was judged, and remembers it. */
static void admit(struct endpoint *e)
{
    admit_all(&e->admissions);
    if (e->admissions.count > 0 && e->admissions.list[0].refused)
        lws_sul_schedule(e->context, 0, &e->tend, on_tend, HISTORY_RETRY_MS * LWS_US_PER_MS);
}

void endpoint_finish_turn(struct endpoint *e)
{
    while (e->turn.count > 0) {
        uint32_t due = judge_some(e);
        admit(e);
        for (; due > 0; due--) {
            struct lws_dll2 *head = e->turn.head;
            lws_dll2_remove(head);
            answer(lws_container_of(head, struct connection, turn));
        }
        admit_clear(&e->admissions);
    }
    if (e->stirred && e->changed)
        e->changed(e->changed_context);
    e->stirred = false;
}

static void adopt(struct connection *c, struct lws *wsi)
{
    c->endpoint = lws_context_user(lws_get_context(wsi));
    c->wsi = wsi;
    c->exchange.held = &c->endpoint->held;
    c->endpoint->connections++;
    listen_peer_text(lws_get_socket_fd(wsi), c->peer);
    wait_for(c, WAIT_REQUEST);
}

/* Returns -1 to end the connection. */
static int receive(struct connection *c, const char *data, size_t length)
{
    struct endpoint *e = c->endpoint;
    struct exchange *x = &c->exchange;
    /* Our own queues tell the time; the library's is left over from the TLS handshake. */
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    bool fresh = x->state == EXCHANGE_IDLE;
    if (fresh)
        c->began = lws_now_usecs();
    exchange_feed(x, &e->rules, data, length);
    if (exchange_wants_continue(x)) {
        size_t size = strlen(answer_continue);
        memcpy(e->out + LWS_PRE, answer_continue, size);
        if (!send_bytes(c, size))
            return -1;
    }
    if (x->state == EXCHANGE_READY)
        answer_is_due(c);
    else if (fresh && x->state != EXCHANGE_IDLE)
        wait_for(c, WAIT_DELIVERY);
    return 0;
}

static void closed(struct connection *c)
{
    struct endpoint *e = c->endpoint;
    if (!e)
        return;
    SSL *ssl = lws_get_ssl(c->wsi);
    bool unfinished = c->exchange.state != EXCHANGE_IDLE && c->exchange.state != EXCHANGE_CLOSED;
    if (!e->closing && unfinished)
        record_lost(c, c->lost ? c->lost : "the sender closed the connection before the end");
    else if (!e->closing && ssl && !SSL_is_init_finished(ssl)) {
        c->began = lws_now_usecs();
        record_lost(c, "no TLS handshake: plain http://, or the certificate is not trusted");
    }
    lws_dll2_remove(&c->place);
    lws_dll2_remove(&c->turn);
    exchange_free(&c->exchange);
    e->connections--;
    c->endpoint = NULL;
}

static int on_connection(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length)
{
    switch (reason) {
    case LWS_CALLBACK_RAW_ADOPT: adopt(user, wsi); return 0;
    case LWS_CALLBACK_RAW_RX: return receive(user, in, length);
    case LWS_CALLBACK_RAW_CLOSE: closed(user); return 0;
    default: return 0;
    }
}

/* Makes room by ending the connection that has said nothing for the longest time. */
static bool evict(struct endpoint *e)
{
    static const enum endpoint_wait order[] = {WAIT_GOODBYE, WAIT_REQUEST, WAIT_DELIVERY};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct connection *c = first_of(&e->queues[order[i]]);
        if (c && lws_dll2_is_detached(&c->turn)) {
            drop(c, "given up for a newer connection: there were too many");
            return true;
        }
    }
    return false;
}

static void on_resume(lws_sorted_usec_list_t *timer)
{
    struct endpoint *e = lws_container_of(timer, struct endpoint, resume);
    lws_rx_flow_control(e->listener, 1);
}

/* The listening socket stays readable while there is no room: looking away saves a busy loop. */
static void pause_accepting(struct endpoint *e)
{
    lws_rx_flow_control(e->listener, 0);
    lws_sul_schedule(e->context, 0, &e->resume, on_resume, ACCEPT_PAUSE_US);
}

static void take_in(struct endpoint *e, int fd)
{
    int on = 1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (e->connections >= e->max_connections)
        evict(e);
    lws_adopt_descriptor_vhost(e->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL,
                               (lws_sock_file_fd_type){.sockfd = fd}, endpoint_protocols[0].name,
                               NULL);
}

static void accept_some(struct endpoint *e)
{
    int listener = lws_get_socket_fd(e->listener);
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0) {
            take_in(e, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (!evict(e)) {
                pause_accepting(e);
                return;
            }
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

static int on_listener(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t length)
{
    (void)user, (void)in, (void)length;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        accept_some(lws_context_user(lws_get_context(wsi)));
    return 0;
}

const struct lws_protocols endpoint_protocols[] = {
    {.name = "connection",
     .callback = on_connection,
     .per_session_data_size = sizeof(struct connection)},
    {.name = "listener", .callback = on_listener},
    {0},
};

bool endpoint_open(struct endpoint *e, int socket)
{
    for (int i = 0; i < WAITS; i++) {
        e->queues[i] = queue_kinds[i];
        e->queues[i].endpoint = e;
    }
    e->listener = lws_adopt_descriptor_vhost(e->vhost, LWS_ADOPT_RAW_FILE_DESC,
                                             (lws_sock_file_fd_type){.filefd = socket},
                                             endpoint_protocols[1].name, NULL);
    if (!e->listener)
        close(socket);
    if (e->listener && e->admissions.history)
        lws_sul_schedule(e->context, 0, &e->tend, on_tend, HISTORY_RETRY_MS * LWS_US_PER_MS);
    return e->listener;
}
