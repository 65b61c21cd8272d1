using System.Diagnostics;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Payments;

/// <summary>The cmdlets of payments against the real service, in a cluster that another process is: <c>PaymentsWorld</c> of the tests of the operations.</summary>
public sealed class PaymentsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Process _world;
    private readonly string _wallet;
    private readonly string _bossKey;
    private readonly string _transfer;
    private readonly Shell _shell = new();

    public PaymentsTests()
    {
        var program = Path.Combine(Checkout.Root, "tests", "Operations.Tests", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Operations.Tests.dll");
        _world = Process.Start(new ProcessStartInfo("dotnet", [program, "payments-world", _scratch.At("kubeconfig")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var said = _world.StandardOutput.ReadLine()?.Split(' ');
        Assert.Equal("ready", said?[0]);
        (_wallet, _bossKey, _transfer) = (said![1], said[2], said[3]);
        _shell.Run($"Connect-HaCluster -Kubeconfig '{_scratch.At("kubeconfig")}' -AllowOtherCluster -Name payments").Clean();
    }

    /// <summary>A completer that gets no answer in time completes nothing: on a busy computer it is asked again.</summary>
    private Task CompletesAsync(string line, string expected) => Waiting.UntilAsync($"'{line}' is completed", () => Completed(line) == expected, () => Completed(line));

    private string Completed(string line) => _shell.Run($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches | Where-Object ResultType -eq ParameterValue | ForEach-Object CompletionText").Clean().Text;

    public void Dispose()
    {
        _shell.Run("Disconnect-HaCluster payments");
        _shell.Dispose();
        _world.StandardInput.Close();
        _world.WaitForExit();
        _world.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Wallets_and_transfers_are_shown_and_a_transfer_is_approved_with_a_key_of_ones_own()
    {
        var wallet = _shell.Run("Get-HaWallet h*").Clean().Single<WalletStatus>();
        Assert.Equal((_wallet, "hot", ForwardingState.On), (wallet.Id, wallet.Name, wallet.Forwarding));
        Assert.Equal("NotFound", _shell.Run("Get-HaWallet cold").ErrorId);
        Assert.Equal(_transfer, _shell.Run("Get-HaTransfer -Wallet hot -State created").Clean().Single<TransferStatus>().Id);

        // The administrator's key approves nothing; -WhatIf does not try.
        Assert.Equal("PermissionDenied", _shell.Run($"Approve-HaTransfer {_transfer} -Confirm:$false").ErrorId);
        var key = $"$key = ConvertTo-SecureString '{_bossKey}' -AsPlainText -Force";
        _shell.Run($"{key}; Approve-HaTransfer {_transfer} -Key $key -WhatIf").Clean();
        Assert.Equal("created", _shell.Run($"Get-HaTransfer {_transfer}").Clean().Single<TransferStatus>().State);
        var approved = _shell.Run($"{key}; Get-HaTransfer {_transfer} | Approve-HaTransfer -Key $key -Confirm:$false -PassThru -Verbose").Clean();
        Assert.Equal("approved", approved.Single<TransferStatus>().State);
        Assert.Contains(approved.Information, line => line == $"Approved: transfer {_transfer} is approved.");
        // No key is in any stream.
        Assert.DoesNotContain(approved.Verbose.Concat(approved.Information), line => line.Contains(_bossKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wallets_and_transfers_are_completed()
    {
        foreach (var line in new[] { "Get-HaWallet h", "Suspend-HaForwarding ", "Resume-HaForwarding -Wallet HO", "Get-HaTransfer -Wallet h" })
            await CompletesAsync(line, "hot");
        await CompletesAsync("Get-HaTransfer trf_", _transfer);
        await CompletesAsync("Approve-HaTransfer ", _transfer);
        Assert.Empty(Completed("Get-HaWallet cold"));

        _shell.Run($"$key = ConvertTo-SecureString '{_bossKey}' -AsPlainText -Force; Approve-HaTransfer {_transfer} -Key $key -Confirm:$false").Clean();
        // It waits no longer.
        await CompletesAsync("Get-HaTransfer ", _transfer);
        Assert.Empty(Completed("Approve-HaTransfer "));
    }

    [Fact]
    public void Forwarding_is_suspended_with_a_reason_and_resumed()
    {
        _shell.Run("Suspend-HaForwarding hot -Reason drill -WhatIf").Clean();
        Assert.Equal(ForwardingState.On, _shell.Run("Get-HaWallet hot").Clean().Single<WalletStatus>().Forwarding);
        var suspended = _shell.Run("Get-HaWallet hot | Suspend-HaForwarding -Reason drill -PassThru").Clean().Single<WalletStatus>();
        Assert.Equal((ForwardingState.Suspended, "drill"), (suspended.Forwarding, suspended.SuspendedReason));
        _shell.Run("Resume-HaForwarding hot -WhatIf").Clean();
        Assert.Equal(ForwardingState.Suspended, _shell.Run("Get-HaWallet hot").Clean().Single<WalletStatus>().Forwarding);
        _shell.Run("Resume-HaForwarding hot").Clean();
        Assert.Equal(ForwardingState.On, _shell.Run("Get-HaWallet hot").Clean().Single<WalletStatus>().Forwarding);
        Assert.Equal("NotFound", _shell.Run("Resume-HaForwarding cold").ErrorId);
    }
}
