using HaCluster.Payments.Access;
using HaCluster.Payments.Http;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>The secret that addresses without a key are made from.</summary>
internal sealed class ForwarderRoutes(Database database, ForwarderSecrets secrets, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/wallets/{id}/forwarder-secret", ChangeAsync).WithMetadata(new NeedsScope(Scopes.Admin));

    /// <summary>The secret of a request, or a new one.</summary>
    /// <exception cref="RefusedException">It is not a secret.</exception>
    public static string Read(string? secret) => secret is null ? ForwarderSalt.NewSecret()
        : ForwarderSalt.IsValid(secret) ? secret : throw RefusedException.Invalid("forwarderSecret", "write the 64 hexadecimal digits in lower case that were returned when it was created, or leave it out for a new one");

    /// <exception cref="RefusedException">There are no keys to seal it with.</exception>
    public static string Seal(ForwarderSecrets secrets, string wallet, string secret)
    {
        try
        {
            return secrets.Seal(wallet, secret);
        }
        catch (SealException exception)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "no-seal-key", exception.Message);
        }
    }

    /// <exception cref="RefusedException">The secret does not open.</exception>
    public static string? NextSalt(ForwarderSecrets secrets, Wallet wallet)
    {
        try
        {
            return secrets.NextSalt(wallet);
        }
        catch (SealException exception)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "no-seal-key", exception.Message);
        }
    }

    private async Task ChangeAsync(HttpContext context)
    {
        var secret = Read((await Json.ReadAsync<ForwarderSecretRequest>(context)).ForwarderSecret);
        var wallet = await database.ChangeAsync(
            async session =>
            {
                var found = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                if (!found.HasForwarders)
                    throw new RefusedException(StatusCodes.Status409Conflict, "no-forwarders", "the wallet has no forwarders: only their addresses are made from a secret");
                await session.SetSaltSecretAsync(found, Seal(secrets, found.Id, secret), RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
                return (await session.WalletAsync(found.Id))!;
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, WalletRoutes.Describe(wallet, secret));
    }
}
