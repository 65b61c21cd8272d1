using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Payments;

/// <summary>The cmdlets of payments against the real service, in a cluster that another process is: <c>PaymentsWorld</c> of the tests of the operations.</summary>
public sealed class PaymentsTests : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Shell _shell = new();
    private RunningProgram? _world;
    private string _wallet = "";
    private string _bossKey = "";
    private string _transfer = "";

    public async Task InitializeAsync()
    {
        var program = Path.Combine(Checkout.Root, "tests", "Operations.Tests", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Operations.Tests.dll");
        var world = _world = RunningProgram.StartWithInput("dotnet", [program, "payments-world", _scratch.At("kubeconfig")]);
        await Waiting.UntilAsync("the cluster is ready", () => world.HasEnded || world.Text.StartsWith("ready ", StringComparison.Ordinal) && world.Text.Contains('\n', StringComparison.Ordinal), () => world.Text);
        Assert.False(world.HasEnded, world.Text);
        var words = world.Text.Split('\n')[0].Split(' ');
        (_wallet, _bossKey, _transfer) = (words[1], words[2], words[3]);
        _shell.Run($"Connect-HaCluster -Kubeconfig '{_scratch.At("kubeconfig")}' -AllowOtherCluster -Name payments").Clean();
    }

    public async Task DisposeAsync()
    {
        _shell.Run("Disconnect-HaCluster payments");
        // It ends in order, and removes what it wrote.
        _world!.EndInput();
        await _world.EndAsync();
    }

    public void Dispose()
    {
        _shell.Dispose();
        // Null where it could not be started: then this is not what the test fails with.
        _world?.Dispose();
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
    public void Wallets_and_transfers_are_completed()
    {
        foreach (var line in new[] { "Get-HaWallet h", "Suspend-HaForwarding ", "Resume-HaForwarding -Wallet HO", "Get-HaTransfer -Wallet h" })
            Assert.Equal(["hot"], _shell.Complete(line));
        Assert.Equal([_transfer], _shell.Complete("Get-HaTransfer trf_"));
        Assert.Equal([_transfer], _shell.Complete("Approve-HaTransfer "));
        Assert.Empty(_shell.Complete("Get-HaWallet cold"));

        _shell.Run($"$key = ConvertTo-SecureString '{_bossKey}' -AsPlainText -Force; Approve-HaTransfer {_transfer} -Key $key -Confirm:$false").Clean();
        // It waits no longer.
        Assert.Equal([_transfer], _shell.Complete("Get-HaTransfer "));
        Assert.Empty(_shell.Complete("Approve-HaTransfer "));
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
