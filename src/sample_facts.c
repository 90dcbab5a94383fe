/*
 * What the sample events are about: a customer's tasks and identities, and what goes wrong.
 */
#include <stdio.h>
#include <string.h>

#include "sample.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { ACME_ORDERS, NORTHWIND, GLOBEX_HR, INITECH_BANK, UMBRELLA, SAKURA };

const struct sample_identity sample_identities[] = {
    [ACME_ORDERS] = {"idn_acme_orders", "app_acme"},
    [NORTHWIND] = {"idn_northwind_ap", "app_northwind"},
    [GLOBEX_HR] = {"idn_globex_hr", "app_globex"},
    [INITECH_BANK] = {"idn_initech_bank", "app_initech"},
    [UMBRELLA] = {"idn_umbrella_claims", "app_umbrella"},
    [SAKURA] = {"idn_sakura_travel", "app_sakura"},
};
const size_t sample_identity_count = COUNT(sample_identities);

const struct sample_task sample_tasks[SAMPLE_TASKS] = {
    [SAMPLE_ORDERS] = {"tsk_4f8w9n2b", "orders", "shop.acme.example", "deterministic", "order_id",
                       "confirmed", "order-confirmation.pdf", "application/pdf",
                       &sample_identities[ACME_ORDERS], 4200, 0.03, 22},
    [SAMPLE_INVOICES] = {"tsk_7c1k3m8x", "invoices", "portal.northwind.example", "deterministic",
                         "invoice", "approved", "invoice.pdf", "application/pdf",
                         &sample_identities[NORTHWIND], 11800, 0.05, 14},
    [SAMPLE_PAYSLIPS] = {"tsk_b92hq5tz", "payslips", "people.globex.example", "deterministic",
                         "payslips", "downloaded", "payslips.zip", "application/zip",
                         &sample_identities[GLOBEX_HR], 27500, 0.04, 6},
    [SAMPLE_STATEMENT] = {"tsk_e0p6r2ya", "statement", "bank.initech.example", "deterministic",
                          "transactions", "exported", "statement.csv", "text/csv",
                          &sample_identities[INITECH_BANK], 24000, 0.09, 4},
    [SAMPLE_CLAIMS] = {"tsk_k3v8d1wf", "claims", "claims.umbrella.example", "agent", "claim",
                       "submitted", NULL, NULL, &sample_identities[UMBRELLA], 64000, 0.10, 2},
    [SAMPLE_BOOKINGS] = {"tsk_m5s2x9qc", "bookings", "réservations.sakura.example", "agent",
                         "booking", "confirmée", "itinerary.pdf", "application/pdf",
                         &sample_identities[SAKURA], 46000, 0.07, 5},
    [SAMPLE_PRICES] = {"tsk_n8j4t0ge", "prices", "www.hooli.example", "deterministic", "prices",
                       "ok", "prices.json", "application/json", NULL, 2300, 0.02, 26},
    [SAMPLE_STOCK] = {"tsk_q1f7z6uh", "stock", "b2b.vandelay.example", "deterministic", "items",
                      "ok", NULL, NULL, NULL, 3100, 0.03, 18},
    [SAMPLE_LEADS] = {"tsk_s6y3b9li", "leads", "directory.stark.example", "agent", "leads", "found",
                      "leads.csv", "text/csv", NULL, 52000, 0.06, 4},
    [SAMPLE_TRACKING] = {"tsk_u2n5c7ro", "tracking", "track.planetexpress.example", "deterministic",
                         "parcel", "in transit", NULL, NULL, NULL, 5600, 0.03, 16},
    [SAMPLE_TENDERS] = {"tsk_w4g0h8dp", "tenders", "ausschreibungen.köln.example", "agent",
                        "tenders", "neu", "ausschreibungen.xlsx",
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", NULL,
                        88000, 0.08, 3},
    [SAMPLE_SCREENS] = {"tsk_z9a6e3kv", "screens", "status.wayne.example", "deterministic", "pages",
                        "captured", "screens.zip", "application/zip", NULL, 7400, 0.02, 9},
};

const struct sample_error sample_errors[] = {
    {"automation_failure", "Submit button selector did not match after 30s",
     "Selector drift after target site redesign"},
    {"automation_failure", "Element 'Weiter zur Übersicht' was covered by a cookie banner",
     "A consent dialog that the recording did not have"},
    {"automation_failure", "Button 'Réserver' was not found: the page says 'Book now'",
     "The page came in another language"},
    {"automation_failure", "Download did not start within 45s",
     "The site answered 503 to the export request"},
    {"timeout", "Task exceeded its limit of 120s while waiting for the results table",
     "Target site slow: first byte after 41s"},
    {"timeout", "Navigation to /checkout/review timed out after 60s", NULL},
    {"agent_error", "Agent repeated the same step 5 times without progress",
     "Pagination control was not reachable by keyboard"},
    {"agent_error", "Agent output did not match the schema: 'total' is missing", NULL},
    {"system_error", "Browser context was closed while a step was running", NULL},
};
const size_t sample_error_count = COUNT(sample_errors);

const struct sample_error sample_login_error = {
    "invalid_credentials", "Login was rejected: the password is wrong or has expired",
    "The identity's stored password is not valid any more"};
const struct sample_error sample_crash_error = {"system_error", "The browser went away", NULL};
const struct sample_error sample_unanswered_error = {
    "timeout", "Nobody answered the intervention in time", "Human input was required"};

const struct sample_question sample_questions[] = {
    {"Solve the captcha to continue", "confirm"},
    {"Enter the 6-digit code that was sent to the phone ending in 42", "text"},
    {"Approve the sign-in on the authenticator app", "confirm"},
    {"Approve the payment of $1,240.00 to Northwind Traders", "confirm"},
    {"Two invoices match. Which one is meant?", "text"},
    {"Select all squares with bicycles 🚲", "confirm"},
};
const size_t sample_question_count = COUNT(sample_questions);

const struct sample_heal sample_heals[] = {
    {"Submit button moved into a new container.",
     "Use accessible label selector instead of XPath."},
    {"A cookie banner covers the first click.", "Dismiss the dialog when it is there."},
    {"The site chooses its language by the proxy's country now.",
     "Find the button by its role instead of its text."},
    {"The site needs a while to prepare the export, and answers 503 until then.",
     "Ask again every 5s until the download starts."},
};
const size_t sample_heal_count = COUNT(sample_heals);

const char *const sample_reasons[] = {"browser_unreachable", "browser_pod_not_found"};
const size_t sample_reason_count = COUNT(sample_reasons);

static void roll_id(char *id, size_t size, const char *prefix, struct dice *dice)
{
    char hex[9];
    dice_hex(dice, hex, 8);
    snprintf(id, size, "%s_%s", prefix, hex);
}

static void roll_ids(struct sample *sample, struct dice *dice)
{
    char hex[33];
    dice_hex(dice, hex, 32);
    snprintf(sample->execution_id, sizeof sample->execution_id, "exr_%.8s-%.4s-%.4s-%.4s-%.12s",
             hex, hex + 8, hex + 12, hex + 16, hex + 20);
    roll_id(sample->session_id, sizeof sample->session_id, "ses", dice);
    roll_id(sample->request_id, sizeof sample->request_id, "req", dice);
    roll_id(sample->batch_id, sizeof sample->batch_id, "bat", dice);
    dice_hex(dice, sample->presigned, 32);
}

void sample_roll(struct sample *sample, const struct sample_task *task, struct dice *dice)
{
    memset(sample, 0, sizeof *sample);
    sample->task = task;
    sample->version = 3;
    roll_ids(sample, dice);

    size_t error = dice_roll(dice) % sample_error_count;
    sample->error = &sample_errors[error];
    sample->question = &sample_questions[dice_roll(dice) % sample_question_count];
    sample->heal = &sample_heals[error % sample_heal_count];
    sample->identity = task->identity ? task->identity : &sample_identities[0];
    sample->reason = sample_reasons[dice_roll(dice) % sample_reason_count];
    sample->recorded = dice_chance(dice, 0.4);

    sample->task_ms = (int64_t)dice_lognormal(dice, (double)task->median_ms, 0.45);
    sample->session_ms = sample->task_ms + dice_between(dice, 600, 2400);
    sample->recording_ms = sample->session_ms - dice_between(dice, 100, 500);
    double seconds = (double)sample->session_ms / 1000;
    sample->cost = (double)(int64_t)(2 + seconds * 1.4) / 1000;
    sample->order = dice_between(dice, 1000, 99999);
    sample->steps = 3 + (int64_t)(seconds / 2.3);
    sample->screenshots = sample->steps + dice_between(dice, 0, 6);
    sample->network_bytes = (int64_t)dice_lognormal(dice, 350e3 + 170e3 * seconds, 0.5);
    sample->proxy_bytes = (int64_t)((double)sample->network_bytes * dice_fraction(dice));
    sample->recording_bytes = (int64_t)dice_lognormal(dice, 40e3 * seconds, 0.3);
    sample->artifact_bytes = (int64_t)dice_lognormal(dice, 60e3, 1.2);
    sample->confidence = (double)dice_between(dice, 55, 97) / 100;
    sample->draft = dice_chance(dice, 0.6);
    sample->batch_total = dice_between(dice, 10, 40);
    sample->batch_failed = dice_between(dice, 0, 2);
}
