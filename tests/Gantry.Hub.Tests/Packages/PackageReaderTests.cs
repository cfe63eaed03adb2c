using Gantry.Estate.Packages;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Packages;

public class PackageReaderTests
{
    private const string Sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void A_package_is_read()
    {
        var package = Documents.Read<Package>(Documents.Head("Package", "otelcol") + $"  matchers: [collector.os=linux]\n  version: 0.158.0\n  url: https://files.example/otelcol\n  sha256: {Sha}\n  signature: AQID\n");

        Assert.Equal(("otelcol", false, "0.158.0", "https://files.example/otelcol"), (package.Name, package.IsAddon, package.Version, package.Url));
        Assert.Equal(Sha, Convert.ToHexStringLower(package.Sha256));
        Assert.Equal([1, 2, 3], package.Signature);
    }

    [Fact]
    public void The_example_of_the_docs_is_one()
    {
        var example = Repository.Read("docs/opamp.md").Split("```yaml\n").Single(part => part.Contains("kind: Package", StringComparison.Ordinal)).Split("```")[0];

        Assert.Equal(Sha, Convert.ToHexStringLower(Documents.Read<Package>(example).Sha256));
    }

    [Theory]
    [InlineData("version: 1.0.0\n  url: ftp://files.example/x\n  sha256: " + Sha, "spec.url", "expected a URL such as")]
    [InlineData("version: 1.0.0\n  url: https://u:p@files.example/x\n  sha256: " + Sha, "spec.url", "password inside the address")]
    [InlineData("version: 1.0.0\n  url: https://files.example/x\n  sha256: abc", "spec.sha256", "64 hexadecimal digits")]
    [InlineData("version: 1.0.0\n  url: https://files.example/x", "spec.sha256", "is missing")]
    [InlineData("url: https://files.example/x\n  sha256: " + Sha, "spec.version", "is missing")]
    [InlineData("version: 1.0.0\n  url: https://files.example/x\n  signature: '*'\n  sha256: " + Sha, "spec.signature", "expected base64")]
    [InlineData("version: 1.0.0\n  url: https://files.example/x\n  headers: {authorization: x}\n  sha256: " + Sha, "spec.headers", "keeps no secrets")]
    [InlineData("type: plugin\n  version: 1.0.0\n  url: https://files.example/x\n  sha256: " + Sha, "spec.type", "topLevel")]
    public void What_is_wrong_is_said_with_its_field_and_the_way_out(string spec, string field, string words)
    {
        var problem = Assert.Single(Documents.Problems(Documents.Head("Package", "p") + $"  matchers: [a=b]\n  {spec}\n").All);

        Assert.Equal(field, problem.Field);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_of_a_set_does_not_hang_on_its_order_and_on_all_else()
    {
        Package One(string name, string version = "1", string url = "https://a.example/") => new(name, IsAddon: true, [], version, url + name, new byte[32], []);

        var set = PackageSet.Of([One("a"), One("b")]);

        Assert.Equal(set.Hash, PackageSet.Of([One("b"), One("a")]).Hash);
        Assert.NotEqual(set.Hash, PackageSet.Of([One("a", url: "https://mirror.example/"), One("b")]).Hash);
        Assert.NotEqual(set.Hash, PackageSet.Of([One("a", version: "2"), One("b")]).Hash);
        Assert.NotEqual(set.Hash, PackageSet.Of([One("a")]).Hash);
        Assert.NotEqual(set.Hash, PackageSet.Of([One("a"), One("c")]).Hash);
    }
}
