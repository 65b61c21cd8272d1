using System.Management.Automation;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Stops the automatic forwarding of a wallet's funds until someone resumes it. Transfers that have begun continue.</summary>
/// <remarks>
/// <para>The key needs the scopes view and admin. The service records who did it and why.</para>
/// </remarks>
/// <example>
/// <para>While a reorganisation is investigated.</para>
/// <code>Suspend-HaForwarding hot -Reason 'bitcoin replaced four blocks'</code>
/// </example>
[Cmdlet(VerbsLifecycle.Suspend, "HaForwarding", SupportsShouldProcess = true)]
[OutputType(typeof(WalletStatus))]
public sealed class SuspendHaForwardingCommand : ForwardingCmdlet
{
    /// <summary>Reason, shown to whoever resumes it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateLength(1, 200)]
    public string Reason { get; set; } = null!;

    protected override Task ProcessAsync() => ChangeAsync($"Suspend ({Reason})", "Suspended", (client, wallet, token) => client.SuspendForwardingAsync(wallet, Reason, token));
}
