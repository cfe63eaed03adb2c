using System.Text;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Certificates;

/// <summary>What became of a signing request. Neither a certificate nor a refusal: it waits for an operator.</summary>
/// <param name="Refusal">For the agent; "" for none.</param>
internal sealed record Signed(IssuedCertificate? Certificate, string Refusal)
{
    public static readonly Signed Waits = new(null, "");

    public static Signed No(string why) => new(null, why);
}

/// <param name="Id">Of the credential that it is.</param>
/// <param name="Pem">The certificate.</param>
/// <param name="CaPem">Whom it is signed by.</param>
internal sealed record IssuedCertificate(string Id, string Pem, string CaPem)
{
    /// <summary>Without a private key: that never left the agent.</summary>
    public TlsCertificate ToWire() => new() { Certificate = Encoding.ASCII.GetBytes(Pem), CaCertificate = Encoding.ASCII.GetBytes(CaPem) };
}
