namespace HaCluster.Payments.Serving;

/// <summary>Bodies of requests. All fields may be missing: what is needed is checked with a message of its own.</summary>
internal sealed record WalletRequest(string? Name = null, string? Chain = null, string? ExtendedPublicKey = null, string? Script = null, string? SigningKey = null, string? Sender = null, int? GapLimit = null, bool Cold = false, bool Forwarders = false, string? ForwarderSecret = null, bool PredictableForwarders = false);

internal sealed record ForwarderSecretRequest(string? ForwarderSecret = null);

internal sealed record BatchingRequest(int? Most = null, int WaitSeconds = 0);

internal sealed record AddressRequest(string? Label = null, Dictionary<string, string>? Metadata = null, DateTimeOffset? ExpiresAt = null, string? Expected = null, string? ExpectedAsset = null, bool BeyondGapLimit = false);

internal sealed record DestinationRequest(string? Address = null, string? Label = null);

internal sealed record TransferRequest(string? Wallet = null, string? Asset = null, string? Destination = null, string? Amount = null, string? MaxFee = null);

/// <param name="Method"><c>replacement</c>, or <c>cpfp</c> for a child that pays for its parent.</param>
internal sealed record BumpRequest(string? Method = null);

internal sealed record KillSwitchRequest(bool? On = null, string? Reason = null);

/// <param name="Signed">Hexadecimal bytes, or a PSBT in Base64.</param>
internal sealed record SignedRequest(string? Signed = null);

internal sealed record ReconciliationRequest(string? Chain = null);

internal sealed record WebhookRequest(string? Url = null, IReadOnlyList<string>? Types = null);

internal sealed record SecretRequest(int? OverlapSeconds = null);

internal sealed record ReplayRequest(long? From = null, string? Event = null);

internal sealed record ReasonRequest(string? Reason = null);
