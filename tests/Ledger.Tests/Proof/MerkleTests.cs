using System.Security.Cryptography;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Tests.Proof;

public sealed class MerkleTests
{
    // The entries and roots of the tests of Certificate Transparency (https://github.com/google/certificate-transparency/blob/master/cpp/merkletree/merkle_tree_test.cc).
    private static readonly string[] Entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_RFC_6962(int size, string root)
    {
        var tree = new MerkleFrontier();
        foreach (var entry in Entries.Take(size))
            tree.Add(Hash.Leaf(Convert.FromHexString(entry)));
        Assert.Equal(root, Hash.Hex(tree.Root()));
    }

    [Fact]
    public void Every_entry_of_every_tree_is_proved_by_its_path_and_no_other_is()
    {
        for (var size = 1; size <= 40; size++)
        {
            var leaves = Enumerable.Range(0, size).SelectMany(index => Hash.Leaf([(byte)index])).ToArray();
            var tree = new MerkleFrontier();
            for (var index = 0; index < size; index++)
                tree.Add(leaves.AsSpan(index * Hash.Size, Hash.Size));
            for (var index = 0; index < size; index++)
            {
                var path = InclusionPath.Of(index, leaves);
                Assert.Equal(tree.Root(), InclusionPath.Root(Hash.Leaf([(byte)index]), index, size, path));
                Assert.NotEqual(tree.Root(), InclusionPath.Root(Hash.Leaf([(byte)(index + 1)]), index, size, path));
                if (size > 1)
                    Assert.NotEqual(tree.Root(), InclusionPath.Root(Hash.Leaf([(byte)index]), (index + 1) % size, size, path));
                Assert.NotEqual(tree.Root(), InclusionPath.Root(Hash.Leaf([(byte)index]), index, size, [.. path, new byte[Hash.Size]]));
            }
        }
    }

    [Fact]
    public void A_frontier_goes_on_where_the_tree_was()
    {
        var (whole, tree) = (new MerkleFrontier(), new MerkleFrontier());
        for (var index = 0; index < 100; index++)
        {
            whole.Add(SHA256.HashData([(byte)index]));
            tree = new MerkleFrontier(tree.Size, tree.Roots);
            tree.Add(SHA256.HashData([(byte)index]));
            Assert.Equal(whole.Root(), tree.Root());
        }

        Assert.Throws<FormatException>(() => new MerkleFrontier(3, [new byte[Hash.Size]]));
    }
}
