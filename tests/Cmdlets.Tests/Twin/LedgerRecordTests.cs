namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>
/// Find-HaLedgerRecord and Test-HaLedger -Fresh up to the ledger, which the twin does not run: Operations.Tests has the rest, with a real one.
/// </summary>
[Collection(TwinCollection.Name)]
public sealed class LedgerRecordTests(TwinFixture twin)
{
    [Theory]
    [InlineData("Find-HaLedgerRecord payments")]
    [InlineData("Test-HaLedger -Fresh")]
    public void Without_a_token_it_says_how_to_get_one(string command)
    {
        var result = twin.Shell.Run(command);
        Assert.Equal("CredentialsMissing", result.ErrorId);
        Assert.Contains("HA_LEDGER_TOKEN", result.Told, StringComparison.Ordinal);
        Assert.Contains("ledger token NAME --reads STREAM", result.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Find-HaLedgerRecord payments -Query pay-17 -Token")]
    [InlineData("Test-HaLedger -Fresh -Token")]
    public void A_ledger_whose_certificate_is_missing_is_never_sent_the_token(string command)
    {
        var result = twin.Shell.Run($"{command} (ConvertTo-SecureString 'hal_secret' -AsPlainText) -Verbose");
        Assert.Equal("NotFound", result.ErrorId);
        Assert.Contains("Secret logging/finance-log-tls", result.Told, StringComparison.Ordinal);
        Assert.DoesNotContain("hal_secret", result.Told + string.Join('\n', result.Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_may_be_in_the_environment_and_the_times_have_to_be_in_order()
    {
        var missing = twin.Shell.Run("$env:HA_LEDGER_TOKEN = \"hal_secret`n\"; try { Find-HaLedgerRecord payments } finally { $env:HA_LEDGER_TOKEN = $null }");
        Assert.Equal("NotFound", missing.ErrorId);
        var turned = twin.Shell.Run("Find-HaLedgerRecord payments -From 2026-02-01 -To 2026-01-01");
        Assert.Equal("InvalidInput", turned.ErrorId);
        Assert.Contains("is not before -To", turned.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_are_completed() => Assert.Equal(["payments"], twin.Shell.Complete("Find-HaLedgerRecord pay"));
}
