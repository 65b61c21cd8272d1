namespace HaCluster.Stack.Settings.Edge;

/// <summary>Where public certificates come from (https://letsencrypt.org/docs/acme-protocol-updates/).</summary>
public enum AcmeServer
{
    /// <summary>Certificates that browsers trust; 50 a week for a domain.</summary>
    Production,

    /// <summary>Certificates that nothing trusts, almost without limit: to try things out.</summary>
    Staging,
}
