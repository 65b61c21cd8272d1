using System.Management.Automation;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Resumes the automatic forwarding of a wallet's funds.</summary>
/// <remarks>
/// <para>The key needs the scopes view and admin. Get-HaWallet shows why it was suspended: make sure that the cause is gone.</para>
/// </remarks>
/// <example>
/// <para>When the chain has settled.</para>
/// <code>Resume-HaForwarding hot</code>
/// </example>
[Cmdlet(VerbsLifecycle.Resume, "HaForwarding", SupportsShouldProcess = true)]
[OutputType(typeof(WalletStatus))]
public sealed class ResumeHaForwardingCommand : ForwardingCmdlet
{
    protected override Task ProcessAsync() => ChangeAsync("Resume", "Resumed", (client, wallet, token) => client.ResumeForwardingAsync(wallet, token));
}
