/*
 * Filter expressions: which of a handful of events each one wants, and what is said about the
 * wrong ones.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"
#include "samples.h"

enum { RECEIVED = 850, NOW = 90000 }; /* milliseconds after the samples were created */

static const int64_t created = 1779625085123; /* SAMPLE_CREATED */

/* The events of the tests, each under one letter. The samples are verified and came once. */
static const struct {
    char letter;
    const char *type; /* of a sample; NULL: `body` */
    const char *body;
    bool unverified;
    uint32_t duplicates;
} events[] = {
    {'c', "task.completed", NULL, false, 0},
    {'f', "task.failed", NULL, false, 0},
    {'x', "task.cancelled", NULL, false, 0},
    {'h', "task.healed", NULL, false, 0},
    {'s', "session.completed", NULL, false, 2},
    {'S', "session.failed", NULL, false, 0},
    {'r', "session.recording.ready", NULL, false, 0},
    {'i', "intervention.requested", NULL, false, 0},
    {'I', "intervention.resolved", NULL, false, 0},
    {'b', "batch.completed", NULL, false, 0},
    {'B', "batch.failed", NULL, false, 0},
    {'a', "identity.authenticated", NULL, false, 0},
    {'A', "identity.authentication_failed", NULL, false, 0},
    /* Of an unknown type, an hour older, and full of what JSON can hold. */
    {'u', NULL,
     "{\"id\":\"evt_u\",\"type\":\"export.failed\",\"created\":\"2026-05-24T11:18:05.123Z\","
     "\"text\":\"caf\\u00e9 says \\\"hi\\\" from C:\\\\temp\\nat noon\",\"data\":{"
     "\"export_id\":\"exp_1\",\"tags\":[\"Red\",\"green, light\"],\"count\":1.50,\"big\":1e3,"
     "\"rows\":[{\"name\":\"a b\",\"n\":1},{\"name\":\"c\",\"n\":22}],"
     "\"nested\":{\"deep\":{\"flag\":true,\"none\":null}},\"a.b\":{\"c\":\"dotted\"},"
     "\"odd key\":\"v\",\"price\":\"12.50\",\"due\":\"2026-05-25T00:00:00Z\",\"blank\":\"\","
     "\"\\u00c9clair\":\"Gr\\u00f6\\u00dfe \\u03a3\\u038a\\u03a3\\u03a5\\u03a6\\u039f\\u03a3\","
     "\"cost\":{\"amount\":3,\"currency\":\"EUR\"},\"output\":{\"lines\":[{\"sku\":\"X-1\"}]}}}",
     true, 0},
    /* With next to nothing. */
    {'n', NULL, "{\"id\":\"evt_n\",\"type\":\"Task.Paused\"}", true, 0},
};

enum { EVENTS = sizeof events / sizeof events[0] };

static const char *body_of(size_t index)
{
    if (!events[index].type)
        return events[index].body;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        if (strcmp(samples[i].type, events[index].type) == 0)
            return samples[i].body;
    cr_assert_fail("there is no sample of %s", events[index].type);
    return NULL;
}

/* A prepared event. */
struct subject {
    struct event event;
    struct ring_record record;
    struct filter_subject subject;
};

static void prepare(struct subject *subject, size_t index)
{
    const char *body = body_of(index);
    char reason[160];

    cr_assert(event_decode(&subject->event, body, strlen(body), reason, sizeof reason), "%s",
              reason);
    subject->record = (struct ring_record){
        .created_ms = subject->event.created_ms ? subject->event.created_ms : created + RECEIVED,
        .received_ms = created + RECEIVED,
        .length = (uint32_t)strlen(body),
        .duplicates = events[index].duplicates,
        .entity = (uint8_t)subject->event.entity,
        .outcome = (uint8_t)subject->event.outcome,
        .verified = !events[index].unverified,
    };
    subject->subject = (struct filter_subject){
        .raw = body,
        .record = &subject->record,
        .type = subject->event.type,
        .now_ms = created + NOW,
    };
}

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

TestSuite(filter, .init = use_utc);

static struct filter *parse(const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);

    cr_expect(filter, "%s: %s at %zu", text, error.message, error.offset);
    return filter;
}

/* Writes the letters of the events that the filter wants. The answer must not depend on what is
 * known beforehand. */
static void match_all(const struct filter *filter, char wanted[EVENTS + 1])
{
    struct filter_scratch scratch = {0};

    for (size_t i = 0; i < EVENTS; i++) {
        struct subject subject;
        prepare(&subject, i);
        bool match = filter_match(filter, &subject.subject, &scratch);
        struct filter_type type = {.name = subject.event.type,
                                   .entity = subject.event.entity,
                                   .outcome = subject.event.outcome};
        enum filter_verdict verdict = filter_verdict(filter, &type);
        cr_expect(verdict == FILTER_DEPENDS || (verdict == FILTER_ALWAYS) == match,
                  "%s: the type alone says otherwise of %c", filter_text(filter), events[i].letter);
        subject.subject.type = NULL;
        cr_expect_eq(match, filter_match(filter, &subject.subject, &scratch),
                     "%s: another answer for %c without its type", filter_text(filter),
                     events[i].letter);
        subject.subject.event = &subject.event;
        cr_expect_eq(match, filter_match(filter, &subject.subject, &scratch),
                     "%s: another answer for %c when it is decoded", filter_text(filter),
                     events[i].letter);
        event_free(&subject.event);
        if (match)
            *wanted++ = events[i].letter;
    }
    *wanted = '\0';
    filter_scratch_free(&scratch);
}

#define ALL "cfxhsSriIbBaAun"

static const struct {
    const char *text, *wanted;
} right[] = {
    {"", ALL},
    {" \t", ALL},
    /* Text */
    {"captcha", "i"},
    {"CAPTCHA", "i"},
    {"capTcha", "i"},
    {"ses_8d2c1fda", "cfxhsSriIbBaA"},
    {"nowhere", ""},
    {"\"solve the captcha\"", "i"},
    {"\"the solve captcha\"", ""},
    {"solve captcha", "i"},
    {"captcha solve", "i"},
    {"order_id", "c"},
    {"8421", "c"},
    {"caf\xC3\xA9", "u"},
    {"CAF\xC3\x89", "u"},
    {"\"caf\\u00e9\"", "u"},
    {"u00e9", ""},
    {"\"says \\\"hi\\\"\"", "u"},
    {"\"a\\\"b\"", ""},
    {"\"c:\\\\temp\"", "u"},
    {"\"temp\\nat\"", "u"},
    {"ntat", ""},
    {"GR\xC3\x96\xC3\x9F"
     "E",
     "u"},
    {"\xCF\x83\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82", "u"}, /* with a final sigma */
    {"\xC3\xA9"
     "clair",
     "u"},
    {"\"\"", ALL},
    {"\"or\"", "cfxhsSriaAu"},
    {"\"not\"", "f"},
    {"12:18:05", "cfxhsSriIbBaA"},
    {"4.2s", ""},
    {"a,b", ""},
    {"\"red\\\",\\\"green\"", "u"},
    {"type", ALL},
    /* Begins with, equal, contains */
    {"type:task.failed", "f"},
    {"type:task", "cfxhn"},
    {"type:TASK.F", "f"},
    {"type:failed", ""},
    {"type=task.failed", "f"},
    {"type=task", ""},
    {"type=Task.paused", "n"},
    {"type~failed", "fSBAu"},
    {"type~.rec", "r"},
    {"type!=task.failed", "cxhsSriIbBaAun"},
    {"type:task.failed,session.failed", "fS"},
    {"type:task.failed, session.failed", "fS"},
    {"type!=task.failed,session.failed", "cxhsriIbBaAun"},
    {"type=\"task.failed\"", "f"},
    {"type:\"task.failed\",'x", "f"},
    {"Type:task.failed", "f"},
    {"type : task.failed", "f"},
    {"type: task.failed", "f"},
    {"type = task.failed captcha", ""},
    {"session:ses_8d", "cfxsSriIa"},
    {"session:SES_8D", "cfxsSriIa"},
    {"session=ses_8d2c1fda", "cfxsSriIa"},
    {"session=ses_8d", ""},
    {"session~2c1f", "cfxsSriIa"},
    {"session!=ses_8d2c1fda", "hbBAun"},
    {"task:tsk_4f8w9n2b", "cfxh"},
    {"task=tsk_4f8w9n2b", "fh"},
    {"execution:exr_8d2c1fda", "cfxhaA"},
    {"identity:idn_acme", "aA"},
    {"application=app_acme", "aA"},
    {"batch:bat_", "bB"},
    {"request:req_4d2e9c6a", "iI"},
    {"subject:tsk_", "cfxh"},
    {"subject=exp_1", "u"},
    {"id=evt_u", "u"},
    {"project:5d2c31f6", "cfxhsSriIbBaA"},
    {"text~noon", "u"},
    {"text~\"\\\"hi\\\" from\"", "u"},
    {"error~selector", "f"},
    {"error:login", "A"},
    {"error_type=automation_failure", "f"},
    {"error_type:invalid", "A"},
    {"reason:browser_unreachable", "S"},
    {"root_cause~drift", "f"},
    {"message:solve", "i"},
    {"mode:deterministic", "cx"},
    {"status:failed", "B"},
    {"recording~recording.mp4", "cf"},
    {"live_view:https://app.anchorbrowser.io", "i"},
    {"outcome:failed", "fSBAu"},
    {"outcome:fail", "fSBAu"},
    {"outcome=ok", "csIba"},
    {"entity=session", "sSr"},
    {"entity:other", "un"},
    {"entity=task", "cfxh"},
    /* Lists */
    {"domains:example.com", "s"},
    {"domains=api.example.com", "s"},
    {"domains=example", ""},
    {"domains~EXAMPLE", "s"},
    {"domains!=example.com", "cfxhSriIbBaAun"},
    {"artifacts~order", "c"},
    {"artifacts:order-confirmation.pdf", "c"},
    {"artifacts=order", ""},
    /* Any value */
    {"output~confirmed", "c"},
    {"output=8421", "c"},
    {"output:842", "c"},
    {"output=confirm", ""},
    {"output>8000", "c"},
    {"output=x-1", "u"},
    /* Durations */
    {"duration>=30s", "r"},
    {"duration>27s", "sr"},
    {"duration<2s", "f"},
    {"duration<1834ms", ""},
    {"duration<=1834ms", "f"},
    {"duration=4218ms", "c"},
    {"duration:4218ms", "c"},
    {"duration!=4218ms", "fxhsSriIbBaAun"},
    {"duration<1m", "cfxsSr"},
    {"duration<0.001h", "fx"},
    {"duration>0", "cfxsSr"},
    {"duration>1m30s", ""},
    {"duration<1d", "cfxsSr"},
    {"delay=850ms", "cfxhsSriIbBaA"},
    {"delay>1h", "u"},
    {"delay>-1s", "cfxhsSriIbBaAu"},
    {"age<5m", "cfxhsSriIbBaAn"},
    {"age<90s", "n"},
    {"age<=90s", "cfxhsSriIbBaAn"},
    {"age>1h", "u"},
    {"age>=1h1m30s", "u"},
    /* Sizes */
    {"proxy<10MB", "s"},
    {"proxy>2581233", "s"},
    {"proxy>2.5MB", "s"},
    {"proxy>2.5MiB", ""},
    {"network>=4mb", "s"},
    {"size=1823456", "r"},
    {"size<2M", "r"},
    /* Counts */
    {"steps=12", "s"},
    {"steps>12", ""},
    {"steps>=12", "s"},
    {"failed>0", "B"},
    {"failed=0", "b"},
    {"total=25", "bB"},
    {"total=24,25", "bB"},
    {"duplicates>1", "s"},
    {"duplicates=0", "cfxhSriIbBaAun"},
    /* Money */
    {"cost>0.01", "cu"},
    {"cost>=0.012", "cu"},
    {"cost>$0.01", "c"},
    {"cost>0.01usd", "c"},
    {"cost>0.01USD", "c"},
    {"cost=\xE2\x82\xAC"
     "3",
     "u"},
    {"cost<1", "cfx"},
    {"cost<100eur", "u"},
    {"cost=0.005", "f"},
    {"cost=\"USD 0.005\"", "f"},
    {"cost>1chf", ""},
    /* Shares */
    {"confidence<0.9", "h"},
    {"confidence<90%", "h"},
    {"confidence=82%", "h"},
    {"confidence=0.82", "h"},
    {"confidence>82%", ""},
    {"confidence>=82.0%", "h"},
    /* Yes or no */
    {"draft=yes", "h"},
    {"draft:true", "h"},
    {"draft=no", ""},
    {"verified=no", "un"},
    {"verified:yes", "cfxhsSriIbBaA"},
    {"verified!=yes", "un"},
    /* Times */
    {"created=2026-05-24", "cfxhsSriIbBaAu"},
    {"created:2026-05-24", "cfxhsSriIbBaAu"},
    {"created>2026-05-23", "cfxhsSriIbBaAu"},
    {"created>2026-05-24", ""},
    {"created>=2026-05-24", "cfxhsSriIbBaAu"},
    {"created<2026-05-24", ""},
    {"created<=2026-05-24", "cfxhsSriIbBaAu"},
    {"created<2026-05-24T12:00", "u"},
    {"created=\"2026-05-24 12:18\"", "cfxhsSriIbBaA"},
    {"created>2026-05-24T12:18", ""},
    {"created=2026-05-24T11:18:05", "u"},
    {"created=2026-05-24T12:18:05Z", "cfxhsSriIbBaA"},
    {"created=2026-05-24T12:18:05.123Z", "cfxhsSriIbBaA"},
    {"created>2026-05-24T12:18:05.122Z", "cfxhsSriIbBaA"},
    {"created=2026-05-24T14:18:05.123+02:00", "cfxhsSriIbBaA"},
    {"received>2026-05-24T12:18:05Z", ""},
    {"received>=2026-05-24T12:18:05Z", ALL},
    /* States */
    {"is:failed", "fSBAu"},
    {"IS:Failed", "fSBAu"},
    {"is=failed", "fSBAu"},
    {"is!=failed", "cxhsriIban"},
    {"is:ok", "csIba"},
    {"is:cancelled", "x"},
    {"is:healed", "h"},
    {"is:noted", "rn"},
    {"is:waiting", "i"},
    {"is:unknown", "un"},
    {"is:unverified", "un"},
    {"is:verified", "cfxhsSriIbBaA"},
    {"is:duplicate", "s"},
    {"is:failed,healed", "fhSBAu"},
    {"-is:failed", "cxhsriIban"},
    /* Presence */
    {"has:recording", "cf"},
    {"has:cost", "cfxu"},
    {"has:artifacts", "cfx"},
    {"has:created", "cfxhsSriIbBaAu"},
    {"has:delay", "cfxhsSriIbBaAu"},
    {"has:age", ALL},
    {"has:type", ALL},
    {"has:output", "cu"},
    {"has:message,reason", "Si"},
    {"has=recording", "cf"},
    {"-has:recording", "xhsSriIbBaAun"},
    {"has:data", "cfxhsSriIbBaAu"},
    {"has:data.nested.deep.flag", "u"},
    {"has:data.nested.deep.none", ""},
    {"has:data.rows.name", "u"},
    {"has:data.rows.1.n", "u"},
    {"has:data.rows.2.n", ""},
    {"has:data.\"odd key\"", "u"},
    {"has:data.blank", "u"},
    /* Paths */
    {"data.output.value.order_id=8421", "c"},
    {"data.artifacts.name:order", "c"},
    {"data.artifacts.0.name:order", "c"},
    {"data.artifacts.1.name:order", ""},
    {"data.tags=red", "u"},
    {"data.tags=\"green, light\"", "u"},
    {"data.tags=blue,red", "u"},
    {"data.tags.0=red", "u"},
    {"data.tags.1=red", ""},
    {"data.rows.name=\"A B\"", "u"},
    {"data.rows.n=22", "u"},
    {"data.rows.n>1", "u"},
    {"data.rows.n>22", ""},
    {"data.rows.n!=22", "cfxhsSriIbBaAn"},
    {"data.rows=c", "u"},
    {"data.nested=true", "u"},
    {"data.nested.deep.flag=true", "u"},
    {"data.nested.deep.none=null", "u"},
    {"data.a.b.c=dotted", "u"},
    {"data.\"a.b\".c=dotted", "u"},
    {"data.\"odd key\"=V", "u"},
    {"data.\"odd key\"=v", "u"},
    {"data.\"odd key\":v", "u"},
    {"data.count=1.5", "u"},
    {"data.count=1.50", "u"},
    {"data.count:1.", "u"},
    {"data.big=1000", "u"},
    {"data.big=1e3", "u"},
    {"data.big~00", "u"},
    {"data.price>12", "u"},
    {"data.price=12.5", "u"},
    {"data.price:12.50", "u"},
    {"data.price~.50", "u"},
    {"data.due>2026-05-24", "u"},
    {"data.due=2026-05-25", "u"},
    {"data.due:2026-05", "u"},
    {"data.blank=\"\"", "u"},
    {"data.duration_ms>30s", "r"},
    {"data.proxy_bytes>=2MB", "s"},
    {"data.confidence_score<90%", "h"},
    {"data.\xC3\x89"
     "clair~gr\xC3\xB6\xC3\x9F"
     "e",
     "u"},
    {"data.\xC3\xA9"
     "clair~gr\xC3\xB6\xC3\x9F"
     "e",
     ""},
    {"data~captcha", "i"},
    {"data=8421", "c"},
    {"data.Tags=red", ""},
    /* Together */
    {"type:task is:failed", "f"},
    {"type:task and is:failed", "f"},
    {"type:task AND is:failed", "f"},
    {"is:failed type:task", "f"},
    {"type:batch or type:identity", "bBaA"},
    {"type:batch OR type:identity", "bBaA"},
    {"type:batch or type:identity is:failed", "bBA"},
    {"(type:batch or type:identity) is:failed", "BA"},
    {"is:failed (type:batch or type:identity)", "BA"},
    {"-captcha", "cfxhsSrIbBaAun"},
    {"-\"the captcha\"", "cfxhsSrIbBaAun"},
    {"not captcha", "cfxhsSrIbBaAun"},
    {"NOT captcha", "cfxhsSrIbBaAun"},
    {"not not captcha", "i"},
    {"--captcha", "i"},
    {"not -captcha", "i"},
    {"type:task -is:failed", "cxhn"},
    {"type:task not is:failed", "cxhn"},
    {"not type:task is:failed", "SBAu"},
    {"not (type:task is:failed)", "cxhsSriIbBaAun"},
    {"-(type:task or is:failed)", "sriIba"},
    {"not is:failed or type:task", "cfxhsriIban"},
    {"((type:batch))", "bB"},
    {"( type:batch )", "bB"},
    {"(type:batch)(is:failed)", "B"},
    {"(is:ok type:task) or (is:failed type:batch)", "cB"},
    {"type:task cost>0.01 duration<5s", "c"},
    {"cost>0.01 or proxy>1MB or confidence>0.5", "chsu"},
    {"-cost>0.01 type:task", "fxhn"},
    {"type:task -is:failed cost>0.01", "c"},
    {"order -type:task", "aA"},
    {"orange or is:healed", "h"},
    {"android", ""},
    {"notable", ""},
    {"x-y", ""},
};

Test(filter, right)
{
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        char wanted[EVENTS + 1];
        struct filter *filter = parse(right[i].text);
        if (!filter)
            continue;
        match_all(filter, wanted);
        cr_expect_str_eq(wanted, right[i].wanted, "%s: wants \"%s\", not \"%s\"", right[i].text,
                         wanted, right[i].wanted);
        cr_expect_str_eq(filter_text(filter), right[i].text);
        filter_free(filter);
    }
}

/* What is known beside an event decides, where it can: these bytes are not even JSON. */
static const struct {
    const char *text;
    enum filter_cost cost;
    bool wanted;
} costs[] = {
    {"", FILTER_COST_NONE, true},
    {"type:task", FILTER_COST_TYPE, true},
    {"type:task.failed or type:batch", FILTER_COST_TYPE, true},
    {"outcome=failed", FILTER_COST_TYPE, true},
    {"-entity:task", FILTER_COST_TYPE, false},
    {"is:failed,ok", FILTER_COST_TYPE, true},
    {"has:type", FILTER_COST_TYPE, true},
    {"is:unknown", FILTER_COST_TYPE, false},
    {"age<1h", FILTER_COST_RECORD, true},
    {"is:failed is:duplicate", FILTER_COST_RECORD, true},
    {"verified=no", FILTER_COST_RECORD, true},
    {"duplicates>2", FILTER_COST_RECORD, true},
    {"created>2026-05-23", FILTER_COST_RECORD, true},
    {"delay>3s", FILTER_COST_RECORD, true},
    {"received>2026-05-24", FILTER_COST_RECORD, false},
    {"bytes", FILTER_COST_TEXT, true},
    {"type:batch words", FILTER_COST_TEXT, false},
    {"is:failed \"not json\"", FILTER_COST_TEXT, true},
    /* Decided before it comes to the tree. */
    {"cost>1 type:batch", FILTER_COST_JSON, false},
    {"cost>1 or type:task", FILTER_COST_JSON, true},
    {"cost>1", FILTER_COST_JSON, false},
    {"has:recording,cost", FILTER_COST_JSON, false},
    {"-session:ses_8d", FILTER_COST_JSON, true},
    {"data.output.status=confirmed", FILTER_COST_JSON, false},
    {"data.output.bytes=confirmed", FILTER_COST_JSON, false},
    {"data.bytes=42", FILTER_COST_JSON, false},
};

Test(filter, costs)
{
    static const char raw[] = "these bytes are not JSON";
    struct ring_record record = {
        .created_ms = created,
        .received_ms = created + 4000,
        .length = sizeof raw - 1,
        .duplicates = 3,
        .entity = ENTITY_TASK,
        .outcome = OUTCOME_FAILED,
    };
    struct filter_subject subject = {
        .raw = raw,
        .record = &record,
        .type = "task.failed",
        .now_ms = created + NOW,
    };
    struct filter_scratch scratch = {0};

    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        struct filter *filter = parse(costs[i].text);
        cr_assert(filter);
        cr_expect_eq(filter_cost(filter), costs[i].cost, "%s costs %d", costs[i].text,
                     filter_cost(filter));
        cr_expect_eq(filter_match(filter, &subject, &scratch), costs[i].wanted, "%s",
                     costs[i].text);
        filter_free(filter);
    }
    filter_scratch_free(&scratch);
}

Test(filter, changes)
{
    static const struct {
        const char *text;
        unsigned changes;
    } rows[] = {
        {"", 0},
        {"captcha type:task cost>1", 0},
        {"created>2026-05-24 delay>1s", 0},
        {"has:age", 0},
        {"captcha (type:task or not age<5m)", FILTER_CHANGES_IN_TIME},
        {"duplicates=0", FILTER_CHANGES_BY_EVENTS},
        {"is:failed,duplicate", FILTER_CHANGES_BY_EVENTS},
        {"is:waiting age>5m", FILTER_CHANGES_BY_EVENTS | FILTER_CHANGES_IN_TIME},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct filter *filter = parse(rows[i].text);
        cr_assert(filter);
        cr_expect_eq(filter_changes(filter), rows[i].changes, "%s: %u", rows[i].text,
                     filter_changes(filter));
        filter_free(filter);
    }
}

#define TASK_FAILED                                                                                \
    {                                                                                              \
        "task.failed", ENTITY_TASK, OUTCOME_FAILED                                                 \
    }
#define BATCH_FAILED                                                                               \
    {                                                                                              \
        "batch.failed", ENTITY_BATCH, OUTCOME_FAILED                                               \
    }
#define REQUESTED                                                                                  \
    {                                                                                              \
        "intervention.requested", ENTITY_INTERVENTION, OUTCOME_WAITING                             \
    }
#define EXPORT_FAILED                                                                              \
    {                                                                                              \
        "export.failed", ENTITY_OTHER, OUTCOME_FAILED                                              \
    }
#define OTHER_TYPES                                                                                \
    {                                                                                              \
        NULL, ENTITY_OTHER, OUTCOME_NEUTRAL                                                        \
    }

static const struct {
    const char *text;
    struct filter_type type;
    enum filter_verdict verdict;
} verdicts[] = {
    {"", TASK_FAILED, FILTER_ALWAYS},
    {"", OTHER_TYPES, FILTER_ALWAYS},
    {"type:task", TASK_FAILED, FILTER_ALWAYS},
    {"type:task", BATCH_FAILED, FILTER_NEVER},
    {"type:task", OTHER_TYPES, FILTER_DEPENDS},
    {"-type:task", BATCH_FAILED, FILTER_ALWAYS},
    {"type:task captcha", TASK_FAILED, FILTER_DEPENDS},
    {"type:task captcha", BATCH_FAILED, FILTER_NEVER},
    {"type:task or captcha", TASK_FAILED, FILTER_ALWAYS},
    {"type:task or captcha", BATCH_FAILED, FILTER_DEPENDS},
    {"not (type:task captcha)", TASK_FAILED, FILTER_DEPENDS},
    {"not (type:task captcha)", BATCH_FAILED, FILTER_ALWAYS},
    {"type!=task.failed", TASK_FAILED, FILTER_NEVER},
    {"cost>1", TASK_FAILED, FILTER_DEPENDS},
    {"is:failed cost>1", REQUESTED, FILTER_NEVER},
    {"outcome=failed", EXPORT_FAILED, FILTER_ALWAYS},
    {"outcome=failed", OTHER_TYPES, FILTER_DEPENDS},
    {"entity=task", OTHER_TYPES, FILTER_DEPENDS},
    {"is:failed", BATCH_FAILED, FILTER_ALWAYS},
    {"is:failed", REQUESTED, FILTER_NEVER},
    {"is:failed", OTHER_TYPES, FILTER_DEPENDS},
    {"is:waiting", REQUESTED, FILTER_DEPENDS},
    {"is:waiting", TASK_FAILED, FILTER_NEVER},
    {"is:waiting", OTHER_TYPES, FILTER_DEPENDS},
    {"is:unknown", TASK_FAILED, FILTER_NEVER},
    {"is:unknown", EXPORT_FAILED, FILTER_ALWAYS},
    {"is:unknown", OTHER_TYPES, FILTER_ALWAYS},
    {"is:verified", TASK_FAILED, FILTER_DEPENDS},
    {"has:type", TASK_FAILED, FILTER_ALWAYS},
};

Test(filter, verdicts_on_types)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        struct filter *filter = parse(verdicts[i].text);
        cr_assert(filter);
        enum filter_verdict verdict = filter_verdict(filter, &verdicts[i].type);
        cr_expect_eq(verdict, verdicts[i].verdict, "%s of %s: %d", verdicts[i].text,
                     verdicts[i].type.name ? verdicts[i].type.name : "other types", verdict);
        filter_free(filter);
    }
}

static bool is_waiting(const void *context, const char *session_id, const char *request_id)
{
    return strcmp(session_id, "ses_8d2c1fda") == 0 && strcmp(context, request_id) == 0;
}

Test(filter, waiting_is_asked_of_the_caller)
{
    struct filter *filter = parse("is:waiting");
    struct filter_scratch scratch = {0};

    cr_assert(filter);
    for (size_t i = 0; i < EVENTS; i++) {
        struct subject subject;
        prepare(&subject, i);
        subject.subject.waiting = is_waiting;
        subject.subject.context = "req_other";
        cr_expect(!filter_match(filter, &subject.subject, &scratch), "%c", events[i].letter);
        subject.subject.context = "req_4d2e9c6a";
        cr_expect_eq(filter_match(filter, &subject.subject, &scratch), events[i].letter == 'i',
                     "%c", events[i].letter);
        event_free(&subject.event);
    }
    filter_free(filter);
    filter_scratch_free(&scratch);
}

/* What a glance tells of an event, and what it leaves to who decodes it. */
static const struct {
    const char *text;
    enum filter_verdict small, large; /* of events that differ in their length only */
} glances[] = {
    {"type:task.failed", FILTER_ALWAYS, FILTER_ALWAYS},
    {"is:ok", FILTER_NEVER, FILTER_NEVER},
    {"age<1h", FILTER_ALWAYS, FILTER_ALWAYS},
    {"captcha", FILTER_ALWAYS, FILTER_DEPENDS},
    {"zebra", FILTER_NEVER, FILTER_DEPENDS},
    {"-zebra", FILTER_ALWAYS, FILTER_DEPENDS},
    {"data.word=captcha", FILTER_DEPENDS, FILTER_DEPENDS},
    {"data.word=zebra", FILTER_NEVER, FILTER_DEPENDS},
    {"data.word=captcha type:batch", FILTER_NEVER, FILTER_NEVER},
    {"data.word=captcha or type:task", FILTER_ALWAYS, FILTER_ALWAYS},
    {"-(data.word=captcha or type:batch)", FILTER_DEPENDS, FILTER_DEPENDS},
};

Test(filter, a_glance_decodes_nothing_and_reads_no_large_event)
{
    static const char head[] = "{\"id\":\"e\",\"type\":\"task.failed\",\"data\":"
                               "{\"word\":\"captcha\",\"pad\":\"";
    static char raw[FILTER_GLANCE_BYTES + sizeof head];
    struct filter_scratch scratch = {0};
    memset(raw, 'x', sizeof raw);
    memcpy(raw, head, sizeof head - 1);
    for (size_t i = 0; i < sizeof glances / sizeof glances[0]; i++) {
        struct ring_record record = {.outcome = OUTCOME_FAILED, .created_ms = created};
        struct filter_subject subject = {
            .raw = raw, .record = &record, .type = "task.failed", .now_ms = created};
        struct filter *filter = parse(glances[i].text);
        record.length = FILTER_GLANCE_BYTES;
        cr_expect_eq(filter_glance(filter, &subject, &scratch), glances[i].small, "%s",
                     glances[i].text);
        record.length = sizeof raw;
        cr_expect_eq(filter_glance(filter, &subject, &scratch), glances[i].large, "%s",
                     glances[i].text);
        filter_free(filter);
    }
    filter_scratch_free(&scratch);
}

/* Days and minutes are those of the local clock, also when a day has 23 hours. */
Test(filter, local_time)
{
    static const struct {
        const char *text, *event;
        bool wanted;
    } rows[] = {
        {"created=2026-03-29", "2026-03-28T22:59:59.999Z", false},
        {"created=2026-03-29", "2026-03-28T23:00:00Z", true},
        {"created=2026-03-29", "2026-03-29T21:59:59.999Z", true},
        {"created=2026-03-29", "2026-03-29T22:00:00Z", false},
        {"created>2026-03-29", "2026-03-29T22:00:00Z", true},
        {"created=2026-05-24T14:18", "2026-05-24T12:18:30Z", true},
        {"created=2026-05-24T14:18", "2026-05-24T14:18:30Z", false},
    };
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ring_record record = {.received_ms = 1};
        struct filter_scratch scratch = {0};
        struct filter *filter = parse(rows[i].text);
        cr_assert(event_parse_time(rows[i].event, &record.created_ms) && filter);
        bool wanted = filter_match(
            filter, &(struct filter_subject){.raw = "", .record = &record, .type = "a"}, &scratch);
        cr_expect_eq(wanted, rows[i].wanted, "%s of %s", rows[i].text, rows[i].event);
        filter_free(filter);
    }
}
