using System.Net.Sockets;

namespace HaCluster.Services;

/// <summary>Begins to take requests, or names the option whose address cannot be listened on.</summary>
internal static class Listening
{
    /// <param name="option">That has the address.</param>
    /// <exception cref="IOException">The address cannot be used.</exception>
    public static async Task StartAsync(WebApplication app, string option, object address, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new IOException($"{option}: {address}: {Explain(exception)}", exception);
        }
    }

    private static string Explain(Exception exception) => CauseOf(exception)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there already; end it, or choose another address",
        SocketError.AddressNotAvailable => "this computer does not have that address",
        SocketError.AccessDenied => "this user may not listen there",
        _ => exception.Message,
    };

    private static SocketException? CauseOf(Exception? exception) => exception is null or SocketException ? exception as SocketException : CauseOf(exception.InnerException);
}
