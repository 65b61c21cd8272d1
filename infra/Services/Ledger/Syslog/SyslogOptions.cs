using System.Net;

namespace HaCluster.Ledger.Syslog;

/// <summary>How syslog over TLS is received.</summary>
internal sealed record SyslogOptions(IPEndPoint Listen)
{
    /// <summary>Bytes. A receiver should take 8,192 (https://www.rfc-editor.org/rfc/rfc5425#section-4.3.1).</summary>
    public int LargestMessage { get; init; } = 64 << 10;

    /// <summary>At the same time; more are closed at once.</summary>
    public int MostConnections { get; init; } = 500;

    /// <summary>In which a connection has to speak TLS.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>In which a message that has begun has to be there.</summary>
    public TimeSpan MessageLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries to store.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>In which senders have to end when the service does.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);
}
