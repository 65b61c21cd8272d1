using HaCluster.Stack.Services;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Chains;

public class ChainSettingsTests
{
    [Fact]
    public void Nothing_set_means_both_chains_on_mainnet_over_all_zones()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        var chains = settings.Chains;
        Assert.True(chains.HasBitcoin);
        Assert.True(chains.HasEthereum);
        Assert.Equal(3, chains.Bitcoin.Replicas);
        Assert.Equal("mainnet", chains.Bitcoin.Network.Name);
        Assert.True(chains.Bitcoin.TxIndex);
        Assert.Equal((2, 1), (chains.Ethereum.Geth, chains.Ethereum.Reth));
        Assert.Equal("mainnet", chains.Ethereum.Network.Name);
        Assert.Empty(chains.Notices());
        Assert.Equal(["bitcoin-rpc", "ethereum-rpc"], ServiceGroups.Of(settings).Select(service => service.Name));
    }

    [Theory]
    [InlineData(2, 3, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 4, 4)]
    [InlineData(6, 6, 6)]
    public void There_is_a_node_for_every_zone_and_never_fewer_than_three(int zones, int bitcoin, int ethereum)
    {
        var (settings, problems) = Configuration.Read($$"""{"zones":{{zones}}}""");

        Assert.Empty(problems);
        Assert.Equal(bitcoin, settings.Chains.Bitcoin.Replicas);
        Assert.Equal(ethereum, settings.Chains.Ethereum.Replicas);
    }

    [Fact]
    public void Every_network_has_defaults_that_it_accepts_itself()
    {
        Assert.Equal(["mainnet", "regtest", "signet", "testnet"], BitcoinNetwork.ByName.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["hoodi", "mainnet", "sepolia"], EthereumNetwork.ByName.Keys.Order(StringComparer.Ordinal));
        foreach (var bitcoin in BitcoinNetwork.ByName.Keys)
            Assert.Empty(Configuration.Read($$$$"""{"chains":{"bitcoin":{"network":"{{{{bitcoin}}}}"}}}""").Problems);
        foreach (var ethereum in EthereumNetwork.ByName.Keys)
            Assert.Empty(Configuration.Read($$$$"""{"chains":{"ethereum":{"network":"{{{{ethereum}}}}"}}}""").Problems);
        Assert.All(EthereumNetwork.ByName.Values, network => Assert.True(network.CheckpointProviders.Length >= 2));
    }

    [Theory]
    [InlineData("""{"bitcoin":{"network":"dogecoin"}}""", "bitcoin.network is \"dogecoin\"; choose one of mainnet, testnet, signet, regtest")]
    [InlineData("""{"ethereum":{"network":"holesky"}}""", "ethereum.network is \"holesky\"; choose one of mainnet, sepolia, hoodi")]
    [InlineData("""{"etherium":{}}""", "etherium is not a setting; did you mean ethereum?")]
    [InlineData("""{"solana":{}}""", "solana is not a setting; the settings here are bitcoin, enabled, ethereum, front, images, snapshots")]
    [InlineData("""{"ethereum":{"clients":{"besu":1}}}""", "ethereum.clients.besu is not a setting; the settings here are geth, reth")]
    [InlineData("""{"bitcoin":{"replicas":2}}""", "bitcoin.replicas is 2; there are 3 zones and each needs a node: use 3 or more")]
    [InlineData("""{"bitcoin":{"replicas":0}}""", "bitcoin.replicas is 0; choose a number from 1 to 12")]
    [InlineData("""{"ethereum":{"clients":{"geth":1,"reth":1}}}""", "ethereum.clients is geth 1 and reth 1; there are 3 zones and each needs a node: use 3 or more nodes in total")]
    [InlineData("""{"bitcoin":{"storage":"500Gi"}}""", "bitcoin.storage is 500Gi; mainnet needs 850Gi today and grows: raise it (1200Gi is the default)")]
    [InlineData("""{"bitcoin":{"network":"testnet","storage":"20Gi"}}""", "bitcoin.storage is 20Gi; testnet needs 100Gi today and grows")]
    [InlineData("""{"ethereum":{"storage":"1Ti"}}""", "ethereum.storage is 1Ti; mainnet needs 2Ti today and grows: raise it (2560Gi is the default)")]
    [InlineData("""{"bitcoin":{"size":{"memory":"128Mi"}}}""", "bitcoin.size.memory is 128Mi; the client runs out of memory while it opens its database: raise it to 512Mi or more (8Gi is the default)")]
    [InlineData("""{"ethereum":{"execution":{"cpu":"10m"}}}""", "ethereum.execution.cpu is 10m; with so little CPU a node never catches up")]
    [InlineData("""{"ethereum":{"consensus":{"memory":"1Gi"}}}""", "ethereum.consensus.memory is 1Gi; the client runs out of memory while it opens its database")]
    [InlineData("""{"images":{"btcd":"ghcr.io/btcsuite/btcd:latest"}}""", "images.btcd is \"ghcr.io/btcsuite/btcd:latest\"; with latest, two replicas may run different code, and a rollback is impossible")]
    [InlineData("""{"images":{"geth":"ethereum/client-go"}}""", "images.geth is \"ethereum/client-go\"; without a tag it means latest")]
    [InlineData("""{"images":{"reth":"registry.example:5000/reth"}}""", "images.reth is \"registry.example:5000/reth\"; without a tag it means latest")]
    [InlineData("""{"ethereum":{"checkpointUrl":"http://sync.example"}}""", "ethereum.checkpointUrl is \"http://sync.example\"; an https URL is expected here, such as https://mainnet.checkpoint.sigp.io")]
    [InlineData("""{"ethereum":{"checkpointUrl":"sync.example"}}""", "ethereum.checkpointUrl is \"sync.example\"; an https URL is expected here, such as https://mainnet.checkpoint.sigp.io")]
    [InlineData("""{"ethereum":{"checkpointUrl":"https://checkpoint-sync.sepolia.ethpandaops.io/"}}""", "ethereum.checkpointUrl is \"https://checkpoint-sync.sepolia.ethpandaops.io/\"; it serves network sepolia, but network is mainnet")]
    [InlineData("""{"front":{"replicas":1}}""", "front.replicas is 1; with a single replica, every update and every lost node makes the chain unreachable")]
    [InlineData("""{"front":{"requestsPerMinute":1}}""", "front.requestsPerMinute is 1; choose a number from 60")]
    [InlineData("""{"snapshots":{"schedule":"daily"}}""", "snapshots.schedule is \"daily\"; a cron expression with five fields is expected here (minute, hour, day, month, weekday), such as \"30 */12 * * *\"")]
    [InlineData("""{"snapshots":{"keep":0}}""", "snapshots.keep is 0; one snapshot must exist while the next is taken, and more than 100 per volume only cost money")]
    [InlineData("""{"bitcoin":{"enabled":false},"ethereum":{"enabled":false}}""", "enabled is true; bitcoin and ethereum are both disabled, so there is no chain to run")]
    public void What_cannot_work_is_refused_by_name_with_a_way_out(string chains, string message)
    {
        var (_, problems) = Configuration.Read($$"""{"chains":{{chains}}}""");

        Assert.StartsWith($"ha-cluster:chains.{message}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var (_, problems) = Configuration.Read(
            """{"chains":{"bitcoin":{"replicas":1,"storage":"1Gi"},"ethereum":{"network":"x","clients":{"geth":0,"reth":1}},"images":{"geth":"a"},"front":{"x":1}}}""");

        Assert.Equal(6, problems.Count);
    }

    [Theory]
    [InlineData("registry.example:5000/team/btcd:v1.2.3")]
    [InlineData("ghcr.io/btcsuite/btcd@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("btcd:0.26")]
    public void A_pinned_image_is_taken(string image)
    {
        var (settings, problems) = Configuration.Read($$$$"""{"chains":{"images":{"btcd":"{{{{image}}}}"}}}""");

        Assert.Empty(problems);
        Assert.Equal(image, settings.Chains.Images.Btcd);
    }

    [Theory]
    [InlineData("""{"bitcoin":{"network":"signet"}}""", "ha-cluster:chains.bitcoin.network is signet")]
    [InlineData("""{"bitcoin":{"txIndex":false}}""", "ha-cluster:chains.bitcoin.txIndex is false")]
    [InlineData("""{"ethereum":{"network":"hoodi"}}""", "ha-cluster:chains.ethereum.network is hoodi")]
    [InlineData("""{"ethereum":{"clients":{"geth":3,"reth":0}}}""", "ha-cluster:chains.ethereum.clients has geth only; a bug in that client stops all nodes at once")]
    [InlineData("""{"ethereum":{"clients":{"geth":0,"reth":3}}}""", "ha-cluster:chains.ethereum.clients has reth only")]
    [InlineData("""{"ethereum":{"checkpointUrl":"https://checkpoint.example"}}""", "ha-cluster:chains.ethereum.checkpointUrl is https://checkpoint.example; a new node trusts the state that it serves")]
    public void What_works_but_is_worth_a_second_thought_is_said(string chains, string notice)
    {
        var (settings, problems) = Configuration.Read($$"""{"chains":{{chains}}}""");

        Assert.Empty(problems);
        Assert.StartsWith(notice, Assert.Single(settings.Chains.Notices()), StringComparison.Ordinal);
        Assert.Single(Notices.For(settings), said => said.StartsWith(notice, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_replicas_in_two_zones_leave_no_spare()
    {
        var (settings, problems) = Configuration.Read("""{"zones":2,"chains":{"bitcoin":{"replicas":2}}}""");

        Assert.Empty(problems);
        Assert.Contains("bitcoin.replicas is 2", Assert.Single(settings.Chains.Notices()), StringComparison.Ordinal);
    }

    [Fact]
    public void Switched_off_chains_say_nothing_and_serve_nothing()
    {
        var (settings, problems) = Configuration.Read("""{"chains":{"enabled":false,"bitcoin":{"network":"signet"}}}""");

        Assert.Empty(problems);
        Assert.Empty(settings.Chains.Notices());
        Assert.Empty(ServiceGroups.Of(settings));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"bitcoin":{"enabled":false}}""")]
    [InlineData("""{"ethereum":{"enabled":false},"bitcoin":{"network":"regtest"}}""")]
    [InlineData("""{"bitcoin":{"replicas":9,"storage":"3Ti","size":{"cpu":4,"memory":"64Gi"}}}""")]
    [InlineData("""{"enabled":false}""")]
    public void The_quota_that_follows_is_one_a_user_could_have_written(string chains)
    {
        var quota = Configuration.Read($$"""{"chains":{{chains}}}""").Settings.Namespaces.All.Single(profile => profile.Name == "chains").Quota;
        var (_, problems) = Configuration.Read(
            $$$$"""
            {"chains":{{{{chains}}}},"quotas":{"chains":{"cpu":"{{{{quota.Cpu}}}}","cpuLimit":"{{{{quota.CpuLimit}}}}","memory":"{{{{quota.Memory}}}}","pods":{{{{quota.Pods}}}},
             "ephemeralStorage":"{{{{quota.EphemeralStorage}}}}","storage":"{{{{quota.Storage}}}}","largestVolume":"{{{{quota.LargestVolume}}}}"}}}
            """);

        Assert.Empty(problems);
    }

    [Fact]
    public void A_quota_of_the_user_s_has_the_last_word()
    {
        var (settings, problems) = Configuration.Read("""{"quotas":{"chains":{"memory":"500Gi"}}}""");

        Assert.Empty(problems);
        Assert.Equal(Quantity.Parse("500Gi"), settings.Namespaces.All.Single(profile => profile.Name == "chains").Quota.Memory);
    }
}
