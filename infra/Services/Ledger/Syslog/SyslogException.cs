namespace HaCluster.Ledger.Syslog;

/// <summary>What came is not syslog as it has to be; the connection is closed. The message says why and what to do, without the content.</summary>
/// <param name="code">Short and stable.</param>
internal sealed class SyslogException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
