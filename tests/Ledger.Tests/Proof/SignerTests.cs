using System.Runtime.Versioning;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Tests.Peers;

namespace HaCluster.Ledger.Tests.Proof;

[Collection(MotoCollection.Name)]
public sealed class SignerTests(Moto moto) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_key_file_is_made_for_its_owner_only_and_stays_the_same()
    {
        using var first = FileSigner.Open(_scratch.At("key.pem"));
        using var again = FileSigner.Open(_scratch.At("key.pem"));
        Assert.Equal(first.PublicKey.Id, again.PublicKey.Id);
        var signature = await first.SignAsync("message"u8.ToArray(), default);
        Assert.True(PublicKey.OfPem(again.PublicKey.Pem).Verifies("message"u8, signature));
        Assert.False(again.PublicKey.Verifies("massage"u8, signature));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scratch.At("key.pem")));
    }

    [SkippableFact, UnsupportedOSPlatform("windows")]
    public void A_key_file_that_others_can_read_is_refused()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes");
        FileSigner.Open(_scratch.At("key.pem")).Dispose();
        File.SetUnixFileMode(_scratch.At("key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<SigningException>(() => FileSigner.Open(_scratch.At("key.pem"))).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_key_of_KMS_signs_as_a_key_file_does()
    {
        using var kms = moto.Kms();
        var key = await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY });
        using var signer = await KmsSigner.OpenAsync(moto.Kms(), key.KeyMetadata.KeyId, default);
        var signature = await signer.SignAsync("message"u8.ToArray(), default);
        Assert.True(signer.PublicKey.Verifies("message"u8, signature));
    }

    [SkippableFact]
    public async Task A_key_of_KMS_for_something_else_is_refused()
    {
        using var kms = moto.Kms();
        var key = await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.RSA_2048, KeyUsage = KeyUsageType.SIGN_VERIFY });
        var fault = await Assert.ThrowsAsync<SigningException>(() => KmsSigner.OpenAsync(moto.Kms(), key.KeyMetadata.KeyId, default));
        Assert.Contains("ECC_NIST_P256", fault.Message, StringComparison.Ordinal);
        Assert.False((await Assert.ThrowsAsync<SigningException>(() => KmsSigner.OpenAsync(moto.Kms(), "there-is-none", default))).IsPassing);
        using var nobody = new AmazonKeyManagementServiceClient("AKIAIOSFODNN7EXAMPLE", "not-a-secret", new AmazonKeyManagementServiceConfig { ServiceURL = $"http://127.0.0.1:{Waiting.FreePort()}", MaxErrorRetry = 0 });
        Assert.True((await Assert.ThrowsAsync<SigningException>(() => KmsSigner.OpenAsync(nobody, "a-key", default))).IsPassing);
    }
}
