using System.Security.Cryptography;
using System.Text;
using HaCluster.Payments.Http;
using HaCluster.Payments.Idempotency;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Serving;

/// <summary>Requests that are done once, however often they are sent.</summary>
internal sealed class Idempotent(Database database, IdempotencyKeys keys)
{
    private const string Header = "Idempotency-Key";
    private const int Longest = 255;

    /// <param name="request">As it was read: how it was written, blanks and the order of names, makes no other request of it.</param>
    /// <param name="work">Does it, in the transaction that stores the answer.</param>
    public async Task AnswerAsync(HttpContext context, object request, Func<Session, Task<object>> work)
    {
        var key = KeyOf(context);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n{Json.Write(request)}")));
        switch (await keys.ClaimAsync(key, hash, context.RequestAborted))
        {
            case Claim.Answered { Answer: var answer }:
                context.Response.Headers["Idempotent-Replayed"] = "true";
                await Json.AnswerTextAsync(context, answer.Status, answer.Body);
                break;
            case Claim.OtherRequest:
                throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "key-reused", $"the {Header} {key} belongs to a request with other content; create a new key for each transfer");
            case Claim.InProgress:
                throw new RefusedException(StatusCodes.Status409Conflict, "in-progress", $"a request with the {Header} {key} is being answered; send the same request again for its answer");
            case Claim.Mine { Token: var claim }:
                await DoAsync(context, key, claim, work);
                break;
        }
    }

    private async Task DoAsync(HttpContext context, string key, string claim, Func<Session, Task<object>> work)
    {
        StoredAnswer answer;
        try
        {
            answer = await database.ChangeAsync(
                async session =>
                {
                    var stored = new StoredAnswer(StatusCodes.Status201Created, Json.Write(await work(session)));
                    await IdempotencyKeys.AnswerAsync(session, key, claim, stored);
                    return stored;
                },
                context.RequestAborted);
        }
        catch (ClaimLostException exception)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "in-progress", exception.Message);
        }
        catch (Exception exception) when (exception is RefusedException or NotCoveredException)
        {
            // Nothing was done under the key. A commit whose outcome is unknown is another matter: there the claim stays until it is taken over, and the answer, if it is there, is found.
            await keys.ReleaseAsync(key, claim);
            throw exception as RefusedException
                ?? new RefusedException(StatusCodes.Status422UnprocessableEntity, "insufficient-funds", "the wallet does not have the amount and the largest fee available (GET /v1/wallets/ID shows its balances)");
        }

        await Json.AnswerTextAsync(context, answer.Status, answer.Body);
    }

    private static string KeyOf(HttpContext context)
    {
        var key = context.Request.Headers[Header];
        if (key.Count != 1 || key[0] is not { Length: > 0 and <= Longest } text || !text.All(letter => letter is > ' ' and <= '~'))
            throw new RefusedException(StatusCodes.Status400BadRequest, "no-idempotency-key", $"send the header {Header} once, with 1 to {Longest} visible ASCII characters, such as a UUID that is stored with the payment: with it the request can be sent again without paying twice");
        return text;
    }
}
